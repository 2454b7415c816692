/** Each number of the pages of analysis leads to as many messages, and is what the API says. */
import assert from "node:assert/strict";
import type { Bounces, Cell } from "../analytics/mod.ts";
import { loaded } from "../analytics/testing/loaded.ts";
import { isMachine } from "../analytics/testing/naive.ts";
import { traffic } from "../analytics/testing/traffic.ts";
import { send } from "../console/test_api.ts";
import { createTestConsole } from "../console/test_console.ts";
import { startTestClickHouse } from "../src/embedded/mod.ts";

const START = Date.UTC(2026, 10, 20);
const EVENTS = traffic(9, 300, START);
const SCOPES = [
  "range=all",
  "campaign=spring",
  `from=${START + 3_600_000}`,
  `message=${
    EVENTS.find(({ type, account }) => type === "delivery.bounced" && account === "demo")!.message
  }`,
];

const KEYS = ["class,provider", "reply", "code", "enhanced", "domain,pool", "address"];

const decoded = (text: string) =>
  text.replaceAll("&amp;", "&").replaceAll("&quot;", '"').replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">").replaceAll("&#39;", "'");

Deno.test("the pages of analysis over real ClickHouse", async (t) => {
  await using clickhouse = await startTestClickHouse();
  const queries = await loaded(clickhouse.client, EVENTS);
  const console = createTestConsole({ queries, now: () => START + 2 * 86_400_000 });
  const api = async <T>(path: string): Promise<T> => {
    const answer = await send<T>(console, `GET ${path}`);
    assert.equal(answer.status, 200, path);
    return answer.body;
  };
  const page = async (path: string): Promise<string> => {
    const answer = await console.get(path);
    assert.equal(answer.status, 200, path);
    return await answer.text();
  };

  await t.step("numbers of bounces list as many messages", async () => {
    let followed = 0;
    for (const [i, scope] of SCOPES.entries()) {
      for (const by of i === 0 ? KEYS : KEYS.slice(0, 2)) {
        const text = await page(`/analysis/bounces?${scope}&by=${by}`);
        const links = [...text.matchAll(/<a href="\/messages\?([^"]*)" aria-label="([\d,]+)/g)];
        for (const [, query, count] of links) {
          const path = `/messages?${decoded(query!)}&limit=1000`;
          const { items } = await api<{ items: unknown[] }>(path);
          assert.equal(items.length, Number(count!.replaceAll(",", "")), path);
          followed++;
        }
        const { items } = await api<Bounces>(
          `/stats/bounces?${scope.replace("range=all", "")}&by=${by}`,
        );
        const all = items.reduce((sum, { soft, hard }) => sum + soft + hard, 0);
        const shown = links.reduce((sum, [, , count]) => sum + Number(count), 0);
        assert.equal(shown, 2 * all, "each bounce in its kind and in all");
      }
    }
    assert(followed > 40, String(followed));
  });

  await t.step("the pivot shows the cells of the API", async () => {
    for (const scope of SCOPES) {
      const text = await page(`/analysis/technical?${scope}&rows=support&rows=os&columns=`);
      const { items } = await api<{ items: Cell[] }>(
        `/stats/technical?${scope.replace("range=all", "")}&rows=support,os`,
      );
      const shown = [...text.matchAll(/<tr [^>]*data-key="([^"]*)".*?<strong>([\d,]+)</gs)]
        .map(([, row, count]) => [JSON.parse(decoded(row!)), Number(count)]);
      const wanted = items.map(({ row, count }) => [row, count]);
      const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
      assert.deepEqual(sorted(shown), sorted(wanted));
    }
  });

  await t.step("reactions and hours add up to those of the API", async () => {
    const text = await page("/analysis/reactions?range=all&unit=day");
    const { items } = await api<{ items: { opens: number; clicks: number }[] }>(
      "/stats/reactions?unit=day&units=30",
    );
    const chart = /<table>.*?<\/table>/s.exec(text)![0];
    const cells = [...chart.matchAll(/<tr><th scope="row">.*?<\/tr>/gs)]
      .map(([line]) => [...line.matchAll(/<td[^>]*>([\d,]+)</g)].map(([, n]) => Number(n)));
    assert.deepEqual(
      cells.map(([, , opens, clicks]) => [opens, clicks]),
      items.map(({ opens, clicks }) => [opens, clicks]),
    );
    assert(items.some(({ clicks }) => clicks > 0));
    const hours = await api<{ items: { sent: number }[] }>("/stats/sending-hours");
    const sent = [...text.matchAll(/ of ([\d,]+) opened</g)].map(([, n]) => Number(n));
    assert.deepEqual(
      sent.toSorted(),
      hours.items.map(({ sent }) => sent).filter((sent) => sent > 0).sort(),
    );
  });

  await t.step("hot zones of a message and of a campaign have the clicks of the API", async () => {
    const clicked = EVENTS.find((event) =>
      event.type === "engagement.clicked" && event.account === "demo" &&
      event.campaign === "autumn" && !isMachine(event)
    )!;
    for (const mailing of [`/messages/${clicked.message}`, "/campaigns/autumn"]) {
      const text = await page(`${mailing}/hot-zones`);
      const { links, clicks } = await api<{ links: { clicks: number }[]; clicks: number }>(
        `${mailing}/heatmap`,
      );
      const shown = [...text.matchAll(/<td class="n warm-\d">([\d,]+)</g)].map(([, n]) =>
        Number(n)
      );
      assert.deepEqual(shown, [...links.map(({ clicks }) => clicks), clicks]);
      assert(clicks > 0, mailing);
    }
  });
});
