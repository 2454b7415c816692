import assert from "node:assert/strict";
import { startTestClickHouse } from "@chappe/src/embedded";
import { loaded } from "../testing/loaded.ts";
import { naive, type NaiveDelivery } from "../testing/naive.ts";
import { type NaiveHit, naiveHits } from "../testing/naive_hits.ts";
import { ACCOUNTS, HOSTILE, traffic } from "../testing/traffic.ts";
import type { Scope, TechnicalKey, TechnicalQuestion } from "./analyses.ts";
import { BadQueryError } from "./port.ts";

const START = Date.UTC(2026, 9, 28);
const EVENTS = traffic(13, 400, START);
const [ACCOUNT] = ACCOUNTS;
const COPIES = naive(EVENTS).filter(({ account }) => account === ACCOUNT);
const HITS = naiveHits(EVENTS).filter(({ account }) => account === ACCOUNT);
const SENT_AT = new Map(COPIES.map((d) => [`${d.id} ${d.rcpt}`, d.sentAt]));
const CLICKED = HITS.find(({ kind, machine }) => kind === "click" && !machine)!;
const WITHIN = { from: COPIES[30]!.sentAt, to: COPIES[COPIES.length - 30]!.sentAt };

const SCOPES: Scope[] = [
  {},
  WITHIN,
  { from: COPIES[30]!.sentAt },
  { to: COPIES[COPIES.length - 30]!.sentAt + 1 },
  { from: COPIES[9]!.sentAt, to: COPIES[12]!.sentAt },
  { campaign: "spring" },
  { ...WITHIN, campaign: "autumn" },
  { message: CLICKED.message },
  ...HOSTILE.map((text) => ({ campaign: text })),
  ...HOSTILE.map((text) => ({ message: text })),
];

function isSent({ from = 0, to = Infinity }: Scope, sentAt: number): boolean {
  return sentAt >= from && sentAt < to;
}
const copiesIn = (scope: Scope) =>
  COPIES.filter((d) =>
    isSent(scope, d.sentAt) && (scope.campaign ?? d.campaign) === d.campaign &&
    (scope.message ?? d.id) === d.id
  );
const hitsIn = (scope: Scope) =>
  HITS.filter((hit) =>
    isSent(scope, SENT_AT.get(hit.copy)!) && (scope.campaign ?? hit.campaign) === hit.campaign &&
    (scope.message ?? hit.message) === hit.message
  );
const copiesOf = (hits: readonly NaiveHit[]) => new Set(hits.map(({ copy }) => copy)).size;

Deno.test("figures of hits, bounces and times are those of the events", async (t) => {
  await using clickhouse = await startTestClickHouse();
  const queries = await loaded(clickhouse.client, EVENTS);

  await t.step("clicks per place and block of a message, distinct and total", async () => {
    const blocks = [0, 2, 2, -1];
    const counted = (clicks: readonly NaiveHit[]) => {
      const people = clicks.filter(({ machine }) => !machine);
      return {
        recipients: copiesOf(people),
        clicks: people.length,
        machineClicks: clicks.length - people.length,
      };
    };
    for (const scope of SCOPES) {
      const clicks = hitsIn(scope).filter(({ kind }) => kind === "click");
      const grouped = (key: (hit: NaiveHit) => number) =>
        [...Map.groupBy(clicks, key)].sort(([a], [b]) => a - b);
      assert.deepEqual(await queries.heat(ACCOUNT, scope, blocks), {
        links: grouped(({ link }) => link)
          .map(([position, hits]) => ({ position, url: hits[0]!.url, ...counted(hits) })),
        blocks: grouped(({ link }) => blocks[link]!).filter(([block]) => block >= 0)
          .map(([block, hits]) => ({ block, ...counted(hits) })),
        total: counted(clicks),
      }, JSON.stringify(scope));
    }
    assert.deepEqual((await queries.heat(ACCOUNT, {})).blocks, []);
  });

  await t.step("on what they read, with subtotals", async () => {
    const questions: Omit<TechnicalQuestion, keyof Scope>[] = [
      { rows: ["os"], columns: [], hits: "both", count: "recipients", machines: false },
      {
        rows: ["os", "browser"],
        columns: ["device", "support"],
        hits: "opens",
        count: "hits",
        machines: true,
      },
      {
        rows: ["mailClient"],
        columns: ["browserVersion"],
        hits: "clicks",
        count: "recipients",
        machines: true,
      },
      {
        rows: ["deviceType", "model", "osVersion"],
        columns: ["language"],
        hits: "both",
        count: "recipients",
        machines: false,
      },
    ];
    for (const scope of SCOPES) {
      for (const question of questions) {
        const cells = await queries.technical(ACCOUNT, { ...scope, ...question });
        const found = new Map(
          cells.map(({ row, column, count }) => [JSON.stringify([row, column]), count]),
        );
        assert.equal(found.size, cells.length);
        assert.deepEqual(
          found,
          pivot(hitsIn(scope), question),
          JSON.stringify({ scope, question }),
        );
        const names = cells.map(({ row, column, count }) =>
          [1e9 - count, row.length + column.length, JSON.stringify([row, column])].join(" ")
        );
        assert.deepEqual(names, [...names].sort(), "the largest first, totals before their parts");
      }
    }
  });

  await t.step("how long after sending", async () => {
    for (const scope of SCOPES) {
      for (
        const [unit, length, units] of [["hour", 3_600_000, 2], ["minute", 60_000, 40]] as const
      ) {
        const rows = await queries.reactions(ACCOUNT, { ...scope, unit, units });
        assert.equal(rows.length, units + 1);
        const people = hitsIn(scope).filter(({ machine }) => !machine);
        const firsts = [...Map.groupBy(people, ({ copy, kind }) => `${copy} ${kind}`).values()]
          .map((hits) => hits.reduce((a, b) => b.since < a.since ? b : a));
        rows.forEach(({ from, to, ...counts }, place) => {
          assert.deepEqual([from, to], [place * length, place === units ? null : from + length]);
          const here = (hits: readonly NaiveHit[], kind: string) =>
            hits.filter((hit) =>
              hit.kind === kind && hit.since >= from && hit.since < (to ?? Infinity)
            ).length;
          assert.deepEqual(counts, {
            opened: here(firsts, "open"),
            clicked: here(firsts, "click"),
            opens: here(people, "open"),
            clicks: here(people, "click"),
          }, JSON.stringify({ scope, place }));
        });
      }
    }
  });

  await t.step("by weekday and hour of sending", async () => {
    for (const scope of SCOPES) {
      const rows = await queries.sendingHours(ACCOUNT, { ...scope, timezone: "Asia/Kolkata" });
      const local = (d: NaiveDelivery) => new Date(d.sentAt + 5.5 * 3_600_000);
      const groups = Map.groupBy(copiesIn(scope), (d) => {
        const at = local(d);
        return `${at.getUTCDay() || 7} ${at.getUTCHours()}`;
      });
      const expected = [...groups].map(([key, copies]) => ({
        weekday: Number(key.split(" ")[0]),
        hour: Number(key.split(" ")[1]),
        sent: copies.filter((d) => d.status !== "blacklisted").length,
        opened: copies.filter((d) => d.opened).length,
        clicked: copies.filter((d) => d.clicked).length,
      })).sort((a, b) => a.weekday - b.weekday || a.hour - b.hour);
      assert.deepEqual(rows, expected);
    }
  });

  await t.step("bounces, by what there is of the last attempt", async () => {
    for (const scope of SCOPES) {
      const { items, total } = await queries.bounces(ACCOUNT, {
        ...scope,
        groupBy: ["provider", "code", "domain"],
        limit: 1000,
      });
      const copies = copiesIn(scope);
      const soft = (some: NaiveDelivery[]) =>
        some.filter((d) => d.status === "soft_bounced").length;
      const hard = (some: NaiveDelivery[]) => some.filter((d) => d.status === "cancelled").length;
      const expected = Map.groupBy(
        copies.filter((d) => d.status === "soft_bounced" || d.status === "cancelled"),
        (d) =>
          `${d.provider} ${d.reply?.code ?? ""} ${
            new URL(`http://${d.recipient.split("@")[1]}`).hostname
          }`,
      );
      assert.deepEqual(
        new Map(items.map((item) => [
          `${item.keys.provider} ${item.keys.code} ${item.keys.domain}`,
          [item.soft, item.hard],
        ])),
        new Map([...expected].map(([key, some]) => [key, [soft(some), hard(some)]])),
      );
      const sent = copies.filter((d) => d.status !== "blacklisted").length;
      assert.deepEqual(total, { soft: soft(copies), hard: hard(copies), sent });
    }
    const by = async (...groupBy: ("class" | "reply" | "enhanced")[]) =>
      (await queries.bounces(ACCOUNT, { groupBy, limit: 5 })).items.map(({ keys }) => keys);
    assert.deepEqual((await by("class")).map((keys) => keys.class).sort(), [
      "rate",
      "unknown-user",
    ]);
    assert.deepEqual(await by("reply", "enhanced"), [
      { reply: "550 5.1.1 no such user", enhanced: "" },
    ]);
  });

  await t.step("lines over time add up to the figures of their parts", async () => {
    for (const scope of [{}, WITHIN, { campaign: "spring" }, { campaign: HOSTILE[1]! }]) {
      const one = await queries.series(ACCOUNT, { ...scope, interval: "day", lines: 5 });
      const { items } = await queries.stats(ACCOUNT, { ...scope, groupBy: "day" });
      assert.deepEqual(
        one.items.flatMap(({ points }) =>
          points.map(({ at, ...figures }) => ({ key: new Date(at).toISOString(), ...figures }))
        ),
        items,
      );
      const lines = { ...scope, interval: "hour", groupBy: "provider", lines: 2 } as const;
      const two = (await queries.series(ACCOUNT, lines)).items;
      const providers = (await queries.stats(ACCOUNT, { ...scope, groupBy: "provider" })).items;
      assert.equal(two.length, Math.min(2, providers.length));
      for (const { key, points } of two) {
        const whole = providers.find((item) => item.key === key)!;
        assert.equal(points.reduce((sum, { opened }) => sum + opened, 0), whole.opened);
        assert.equal(points.reduce((sum, { sent }) => sum + sent, 0), whole.sent);
        assert(points.every(({ at }, i) => i === 0 || at > points[i - 1]!.at));
      }
    }
  });

  await t.step("another account sees nothing; what cannot be answered is refused", async () => {
    const scope = { message: CLICKED.message };
    const none = { recipients: 0, clicks: 0, machineClicks: 0 };
    const empty = { links: [], blocks: [], total: none };
    assert.deepEqual(await queries.heat("nobody", {}), empty);
    assert.deepEqual(await queries.heat(ACCOUNTS[1], scope), empty);
    const technical = {
      rows: ["os"],
      columns: ["os"],
      hits: "both",
      count: "hits",
      machines: true,
    } as const;
    assert.deepEqual(
      await queries.technical(ACCOUNTS[1], { ...scope, ...technical, columns: [] }),
      [],
    );
    const refused = [
      queries.technical(ACCOUNT, technical),
      queries.reactions(ACCOUNT, { unit: "day", units: 0 }),
      queries.sendingHours(ACCOUNT, { timezone: "'" }),
      queries.bounces(ACCOUNT, { groupBy: ["class"], limit: 0 }),
      queries.stats(ACCOUNT, { groupBy: "day", limit: 100_000 }),
    ];
    for (const question of refused) await assert.rejects(question, BadQueryError);
  });
});

function pivot(hits: readonly NaiveHit[], question: Omit<TechnicalQuestion, keyof Scope>) {
  const groups = new Map<string, NaiveHit[]>();
  const { rows, columns, machines } = question;
  for (const hit of hits) {
    if (hit.machine && !machines) continue;
    if (question.hits !== "both" && question.hits !== `${hit.kind}s`) continue;
    for (let row = 0; row <= rows.length; row++) {
      for (let column = 0; column <= columns.length; column++) {
        const values = (keys: readonly TechnicalKey[]) => keys.map((key) => valueOf(hit, key));
        const key = JSON.stringify([values(rows.slice(0, row)), values(columns.slice(0, column))]);
        groups.set(key, [...groups.get(key) ?? [], hit]);
      }
    }
  }
  return new Map(
    [...groups].map((
      [key, some],
    ) => [key, question.count === "hits" ? some.length : copiesOf(some)]),
  );
}

function valueOf({ client }: NaiveHit, key: TechnicalKey): string {
  const { os, osVersion, browser, browserVersion, brand, model, deviceType } = client;
  const joined = (...parts: string[]) => parts.join(" ").trim();
  switch (key) {
    case "osVersion":
      return joined(os, osVersion);
    case "browserVersion":
      return joined(browser, browserVersion);
    case "device":
      return brand === "Apple" && model !== "" ? model : brand;
    case "model":
      return joined(brand, model);
    case "deviceType":
      return deviceType;
    case "language":
      return "";
    default:
      return client[key];
  }
}
