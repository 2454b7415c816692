/** What a list says as a file is what the API says of it, for every grid. */
import assert from "node:assert/strict";
import { loaded } from "../analytics/testing/loaded.ts";
import { createExports } from "../analytics/mod.ts";
import { traffic } from "../analytics/testing/traffic.ts";
import { problemIn, send } from "../console/test_api.ts";
import { createTestConsole } from "../console/test_console.ts";
import { API_KEY, OTHER_KEY } from "../console/test_ports.ts";
import { openStreams, startTestClickHouse } from "../src/embedded/mod.ts";

type Row = Record<string, unknown>;
interface List {
  items: Row[];
}
interface Page extends List {
  next: string | null;
}

const EVENTS = traffic(5, 120, Date.UTC(2026, 10, 20));
const CLICKED = EVENTS.find(({ type, account, campaign }) =>
  type === "engagement.clicked" && account === "demo" && campaign === "spring"
)!;
const ID = CLICKED.message!;

const pick = (row: Row, names: readonly string[]) => names.map((name) => row[name] ?? null);
const sorted = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();

Deno.test("every grid as a file says what the API says", async (t) => {
  await using clickhouse = await startTestClickHouse();
  const queries = await loaded(clickhouse.client, EVENTS);
  const streams = await openStreams({ path: clickhouse.path });
  const console = createTestConsole({ queries, exports: createExports(streams, queries) });
  const get = async <T>(path: string): Promise<T> => {
    const answer = await send<T>(console, `GET ${path}`);
    assert.equal(answer.status, 200, path);
    return answer.body;
  };
  const file = async (query: string, key = API_KEY): Promise<Row[]> => {
    const headers = { authorization: `Bearer ${key}` };
    const answer = await console.api(`/exports/${query}&format=jsonl`, { headers });
    assert.equal(answer.status, 200, query);
    return (await answer.text()).split("\n").filter((line) => line !== "").map((line) =>
      JSON.parse(line)
    );
  };

  await t.step("recipients, with preset, search, filter and sort", async () => {
    const columns = ["recipient", "status", "sentAt", "opened", "clicks", "openedAt", "provider"];
    const filter = encodeURIComponent('{"field":"attempts","operator":"gte","value":1}');
    const shown = ["", "preset=engaged", "preset=cancelled", "search=GMAIL", `filter=${filter}`];
    let seen = 0;
    for (const [what, of] of [["message", "messages"], ["campaign", "campaigns"]]) {
      const id = what === "message" ? ID : "spring";
      for (const more of [...shown, "sort=-statusAt"]) {
        const { items } = await get<List>(`/${of}/${id}/recipients?limit=1000&${more}`);
        const rows = await file(`recipients?${what}=${id}&columns=${columns}&${more}`);
        assert.deepEqual(
          rows.map((row) => pick(row, columns)),
          items.map((row) => pick(row, columns)),
          more,
        );
        seen += rows.length;
      }
    }
    assert(seen > 50, String(seen));
  });

  await t.step("groups", async () => {
    const body = { groupBy: "provider", sort: "key", filter: undefined };
    const { items } = (await send<List>(console, "POST /messages/groups", body)).body;
    assert.deepEqual(
      await file("groups?groupBy=provider&sort=key"),
      items.map(({ key, count }) => ({ provider: key, count })),
    );
    const { items: spring } = await get<List>("/messages?campaign=spring&limit=1000");
    const rows = await file("groups?groupBy=status&campaign=spring");
    assert.equal(rows.reduce((sum, { count }) => sum + Number(count), 0), spring.length);
  });

  await t.step("hits", async () => {
    const { recipients } = await get<
      { recipients: { recipient: string; events: { type: string; at: string; data: Row }[] }[] }
    >(`/messages/${ID}`);
    const told = recipients.flatMap(({ recipient, events }) =>
      events.filter(({ type }) => type === "engagement.opened" || type === "engagement.clicked")
        .map(({ type, at, data }) => [
          at,
          recipient,
          type === "engagement.opened" ? "open" : "click",
          ...pick(data, ["actor", "reason", "link", "url"]),
        ])
    );
    const rows = await file(`hits?message=${ID}`);
    const columns = ["at", "recipient", "kind", "actor", "reason", "link", "url"];
    assert(told.length > 0);
    assert.deepEqual(sorted(rows.map((row) => pick(row, columns))), sorted(told));
    assert.deepEqual(rows.map(({ at }) => at), rows.map(({ at }) => at).sort().reverse());
    for (
      const more of ["", `message=${ID}&sort=at`, "campaign=spring&kind=click", "actor=scanner"]
    ) {
      const listed: Row[] = [];
      for (let next: string | null = ""; next !== null;) {
        const page: Page = await get(`/hits?limit=7&${more}${next && `&cursor=${next}`}`);
        listed.push(...page.items);
        next = page.next;
      }
      assert(listed.length > 0, more);
      assert.deepEqual(listed, await file(`hits?${more}`), more);
    }
    const stranger = { key: OTHER_KEY };
    problemIn(await send(console, `GET /hits?message=${ID}`, undefined, stranger), 404);
  });

  await t.step("figures", async () => {
    const scope = "campaign=spring&from=2026-11-20";
    const bounces = await get<List>(`/stats/bounces?by=provider,code&${scope}`);
    assert.deepEqual(
      await file(`bounces?by=provider,code&${scope}`),
      bounces.items.map(({ keys, ...counts }) => ({ ...keys as Row, ...counts })),
    );
    const technical = await get<{ items: { row: string[]; column: string[]; count: number }[] }>(
      "/stats/technical?rows=os&columns=support&machines=true",
    );
    assert.deepEqual(
      (await file("technical?rows=os&columns=support&machines=true"))
        .map(({ os, support, count }) => [os, support, count]),
      technical.items.map(({ row, column, count }) => [row[0] ?? null, column[0] ?? null, count]),
    );
    const reactions = await get<List>(`/stats/reactions?units=3&${scope}`);
    assert.deepEqual(await file(`reactions?units=3&${scope}`), reactions.items);
    const hours = await get<List>("/stats/sending-hours?timezone=Europe/Paris");
    assert.deepEqual(
      await file("sending-hours?timezone=Europe/Paris"),
      hours.items.map(({ rates: _, ...hour }) => hour),
    );
    const series = await get<{ items: { key: string; points: Row[] }[] }>(
      "/stats/series?groupBy=provider&lines=2",
    );
    assert.deepEqual(
      (await file("series?groupBy=provider&lines=2&columns=provider,at,sent,opened"))
        .map((row) => pick(row, ["provider", "at", "sent", "opened"])),
      series.items.flatMap(({ key, points }) =>
        points.map((point) => [key, ...pick(point, ["at", "sent", "opened"])])
      ),
    );
    for (
      const [path, query] of [[`messages/${ID}`, `message=${ID}`], [
        "campaigns/spring",
        "campaign=spring",
      ]]
    ) {
      const { links } = await get<{ links: Row[] }>(`/${path}/heatmap`);
      assert(links.length > 0);
      const rows = await file(`heatmap?${query}`);
      assert.deepEqual(rows, links);
    }
  });

  await t.step("another account's are not there", async () => {
    const missing = [
      ...["recipients", "heatmap"].flatMap((grid) => [
        `${grid}?message=${ID}`,
        `${grid}?campaign=spring`,
        `${grid}?message=none`,
      ]),
      ...["events", "hits", "bounces", "series", "technical"].map((g) => `${g}?message=${ID}`),
    ];
    for (const query of missing) {
      const path = `GET /exports/${query}&format=csv`;
      problemIn(await send(console, path, undefined, { key: OTHER_KEY }), 404);
      const [grid, parameters] = query.split("?");
      const order = {
        grid,
        parameters: Object.fromEntries(new URLSearchParams(`${parameters}&format=csv`)),
      };
      problemIn(await send(console, "POST /exports", order, { key: OTHER_KEY }), 404);
    }
    for (const grid of ["hits?", "bounces?", "series?", "technical?machines=true&"]) {
      assert((await file(`${grid}message=${ID}`)).length > 0 || grid === "bounces?");
      assert.deepEqual(await file(`${grid}campaign=spring`, OTHER_KEY), []);
    }
    assert.deepEqual(await file("groups?groupBy=campaign", OTHER_KEY), []);
  });

  await t.step("what cannot be asked is said", async () => {
    for (
      const [query, parameter] of [
        [`recipients?message=${ID}&campaign=spring`, "message"],
        ["recipients?preset=all", "message"],
        ["heatmap?limit=3", "limit"],
        ["groups?sort=key", "groupBy"],
        ["groups?groupBy=status&sort=status", "sort"],
        ["hits?actor=martian", "actor"],
        ["hits?sort=url", "sort"],
        ["technical?columns=recipient", "columns"],
      ] as const
    ) {
      const answer = await send(console, `GET /exports/${query}&format=csv`);
      assert.equal(problemIn(answer, 422).errors![0]!.parameter, parameter, query);
    }
    const unknown = await send(console, "GET /exports/hits?format=csv&columns=at,shoe");
    assert.match(problemIn(unknown, 422).detail, /no column "shoe"; there are at, recipient/);
  });
  await streams.close();
});
