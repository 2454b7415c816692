import assert from "node:assert/strict";
import { openStreams, startTestClickHouse } from "@chappe/src/embedded";
import { ACTORS, MACHINES } from "../load/classify/mod.ts";
import type { HitFilter } from "../queries/analyses.ts";
import { FIELD_NAMES } from "../queries/fields.ts";
import { BadQueryError } from "../queries/port.ts";
import { loaded } from "../testing/loaded.ts";
import { naive } from "../testing/naive.ts";
import { type NaiveHit, naiveHits } from "../testing/naive_hits.ts";
import { ACCOUNTS, HOSTILE, OWN_NAMES, traffic } from "../testing/traffic.ts";
import { fileOf } from "./file.ts";
import type { Grid } from "./grid.ts";
import { createExports } from "./mod.ts";

type Row = Record<string, unknown>;

const EVENTS = traffic(17, 300, Date.UTC(2026, 9, 28));
const [ACCOUNT, STRANGER] = ACCOUNTS;
const COPIES = new Map(
  naive(EVENTS).filter(({ account }) => account === ACCOUNT).map((d) => [`${d.id} ${d.rcpt}`, d]),
);
const HITS = naiveHits(EVENTS).filter(({ account }) => account === ACCOUNT);
const CLICKED = HITS.find(({ kind, machine }) => kind === "click" && !machine)!.message;
const SENT = [...COPIES.values()].map(({ sentAt }) => sentAt).sort((a, b) => a - b);
const WITHIN = { from: SENT[40]!, to: SENT[SENT.length - 40]! };

async function rowsOf(grid: Grid): Promise<Row[]> {
  const pieces = ReadableStream.from(fileOf(grid, { format: "jsonl" }));
  const rows = (await new Response(pieces).text()).split("\n").filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
  assert.equal(await grid.total(), rows.length);
  return rows;
}

/** What a hit's row says, of what the events say. */
function expected(hit: NaiveHit): Row {
  const { client, at, link, url, campaign, kind, machine, message, copy } = hit;
  const orNull = (text: string) => text === "" ? null : text;
  return {
    at: new Date(at).toISOString(),
    recipient: COPIES.get(copy)!.recipient,
    kind,
    machine,
    link: link === -1 ? null : link,
    url: orNull(url),
    deviceType: orNull(client.deviceType),
    brand: orNull(client.brand),
    model: orNull(client.model),
    os: orNull(client.os),
    osVersion: orNull(client.osVersion),
    browser: orNull(client.browser),
    browserVersion: orNull(client.browserVersion),
    mailClient: orNull(client.mailClient),
    support: orNull(client.support),
    campaign: orNull(campaign),
    message,
  };
}

const inAnyOrder = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).sort();

Deno.test("hits, groups and analyses as files say what the events and the questions say", async (t) => {
  await using clickhouse = await startTestClickHouse();
  const queries = await loaded(clickhouse.client, EVENTS);
  const streams = await openStreams({ path: clickhouse.path });
  const exports = createExports(streams, queries);

  await t.step("every hit, by every filter", async () => {
    const columns = Object.keys(expected(HITS[0]!));
    const sentAt = (hit: NaiveHit) => COPIES.get(hit.copy)!.sentAt;
    const questions: [HitFilter, (hit: NaiveHit) => boolean][] = [
      [{}, () => true],
      [{ kind: "open" }, ({ kind }) => kind === "open"],
      [{ campaign: "spring", kind: "click" }, (h) => h.campaign === "spring" && h.kind === "click"],
      [{ message: CLICKED }, ({ message }) => message === CLICKED],
      [WITHIN, (hit) => sentAt(hit) >= WITHIN.from && sentAt(hit) < WITHIN.to],
      [{ actor: ACTORS.filter((actor) => !MACHINES.has(actor)) }, ({ machine }) => !machine],
      ...HOSTILE.map((text): [HitFilter, () => boolean] => [{ campaign: text }, () => false]),
      ...HOSTILE.map((text): [HitFilter, () => boolean] => [{ message: text }, () => false]),
    ];
    for (const [filter, matches] of questions) {
      const rows = await rowsOf(exports.hits(ACCOUNT, filter, { columns }));
      const hits = HITS.filter(matches);
      assert(hits.length > 0 || Object.values(filter).some((value) => HOSTILE.includes(value)));
      assert.deepEqual(inAnyOrder(rows), inAnyOrder(hits.map(expected)), JSON.stringify(filter));
    }
  });

  await t.step("hits in order, with who made them and why", async () => {
    const all = await rowsOf(exports.hits(ACCOUNT, {}, { sort: "at" }));
    assert.deepEqual(all.map(({ at }) => at), all.map(({ at }) => at).sort());
    assert(all.every(({ actor, reason, id }) => actor !== null && reason !== null && id !== null));
    const scanners = await rowsOf(exports.hits(ACCOUNT, { actor: ["scanner"] }, {}));
    assert(scanners.length > 0);
    assert.equal(scanners.length, all.filter(({ actor }) => actor === "scanner").length);
    assert(scanners.every(({ machine }) => machine === true));
    assert.deepEqual(await rowsOf(exports.hits(STRANGER, { message: CLICKED }, {})), []);
    assert.throws(() => exports.hits(ACCOUNT, {}, { sort: "url" }), BadQueryError);
  });

  await t.step("groups by any column, whole and in order", async () => {
    const filter = { where: { field: "attempts", operator: "gte", value: 1 } } as const;
    for (const groupBy of [...FIELD_NAMES, ...OWN_NAMES.map((name) => `fields.${name}` as const)]) {
      for (const sort of ["-count", "key"]) {
        const question = { groupBy, sort, timezone: "Asia/Kolkata" };
        const rows = await rowsOf(exports.groups(ACCOUNT, filter, question));
        const { items } = await queries.groups(ACCOUNT, filter, { ...question, limit: 10_000 });
        const isTime = /At$/.test(groupBy);
        assert.deepEqual(
          rows.map((row) => [row[groupBy], row["count"]]),
          items.map(({ key, count }) => [
            isTime && key !== null ? new Date(Number(key)).toISOString() : key,
            count,
          ]),
          `${groupBy} by ${sort}`,
        );
      }
    }
    assert.throws(() => exports.groups(ACCOUNT, {}, { groupBy: "id", sort: "id" }), BadQueryError);
  });

  await t.step("lines over time", async () => {
    for (const groupBy of ["provider", undefined] as const) {
      const question = { interval: "day", lines: 2, groupBy } as const;
      const { items } = await queries.series(ACCOUNT, question);
      const points = items.flatMap(({ key, points }) => points.map((point) => ({ key, ...point })));
      assert.deepEqual(
        (await rowsOf(await exports.series(ACCOUNT, question)))
          .map((row) => [row["provider"], row["at"], row["opened"], row["openRate"], row["opens"]]),
        points.map(({ key, at, opened, rates, totals }) => [
          groupBy === undefined ? undefined : key,
          new Date(at).toISOString(),
          opened,
          rates.open,
          totals.opens,
        ]),
      );
    }
  });

  await t.step("bounces, systems, reactions, hours", async () => {
    const bounces = { ...WITHIN, groupBy: ["provider", "code"], limit: 100 } as const;
    assert.deepEqual(
      await rowsOf(await exports.bounces(ACCOUNT, bounces)),
      (await queries.bounces(ACCOUNT, bounces)).items
        .map(({ keys, ...counts }) => ({ ...keys, ...counts })),
    );
    const technical = {
      rows: ["os", "browser"],
      columns: ["support"],
      hits: "both",
      count: "hits",
      machines: true,
    } as const;
    assert.deepEqual(
      await rowsOf(await exports.technical(ACCOUNT, technical)),
      (await queries.technical(ACCOUNT, technical)).map(({ row, column, count }) => ({
        os: row[0] ?? null,
        browser: row[1] ?? null,
        support: column[0] ?? null,
        rowKeys: row.length,
        columnKeys: column.length,
        count,
      })),
    );
    const reactions = { campaign: "spring", unit: "hour", units: 3 } as const;
    assert.deepEqual(
      await rowsOf(await exports.reactions(ACCOUNT, reactions)),
      await queries.reactions(ACCOUNT, reactions),
    );
    const columns = ["hour", "sent"];
    assert.deepEqual(
      await rowsOf(await exports.sendingHours(ACCOUNT, { timezone: "Europe/Paris" }, columns)),
      (await queries.sendingHours(ACCOUNT, { timezone: "Europe/Paris" }))
        .map(({ hour, sent }) => ({ hour, sent })),
    );
    const other = await exports.technical(STRANGER, { ...technical, message: CLICKED });
    assert.deepEqual(await rowsOf(other), []);
  });
  await streams.close();
});
