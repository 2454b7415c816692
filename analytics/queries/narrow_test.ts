import assert from "node:assert/strict";
import { startTestClickHouse } from "@chappe/src/embedded";
import { statusKey } from "@chappe/src/rules";
import { insertUnmerged, type Said } from "../testing/unmerged.ts";
import { createBuilder } from "./compiler.ts";
import type { Filter } from "./filter.ts";
import { createQueries } from "./mod.ts";
import { narrowing } from "./narrow.ts";
import type { MessageFilter } from "./port.ts";
import { scopedDeliveries } from "./scope.ts";

const START = Date.UTC(2026, 8, 1);
const HOUR = 3_600_000;
const CLICK = 1n << 19n;

/** One copy every 20 minutes, over 41 days; campaigns follow each other. */
const COPIES = Array.from({ length: 3000 }, (_, n) => {
  const sentAt = START + n * HOUR / 3;
  const time = sentAt.toString(16).padStart(12, "0");
  const id = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${String(n).padStart(12, "0")}`;
  const hits = n % 3 === 0 ? [sentAt + HOUR * (n % 50), sentAt + HOUR * (n % 400 + 60)] : [];
  // A scanner's, as is known later.
  const revoked = n % 9 === 0 ? hits.slice(0, 1) : [];
  const openedAt = hits.find((at) => !revoked.includes(at)) ?? 0;
  return { id, sentAt, campaign: `campaign-${Math.floor(n / 300)}`, hits, revoked, openedAt };
});
type Copy = typeof COPIES[number];

const marks = (times: number[]) => times.map((at) => String((BigInt(at) << 20n) + CLICK));
/** What reaches `deliveries` of each copy, an event after the other. */
const ROWS: Said<Copy>[] = [
  ({ sentAt, campaign }) => ({
    sent_at: sentAt / 1000,
    status_key: statusKey("pending", sentAt),
    campaign,
  }),
  ({ hits: [first] }) =>
    first === undefined
      ? null
      : { human: marks([first]), hit_status_key: statusKey("clicked", first) },
  ({ hits: [, later] }) =>
    later === undefined
      ? null
      : { human: marks([later]), hit_status_key: statusKey("clicked", later) },
  ({ revoked }) => revoked.length === 0 ? null : { revoked: marks(revoked) },
];

const between = (from: number, to: number): Filter => ({
  field: "openedAt",
  operator: "between",
  value: [from, to],
});
const [WEEK_2, WEEK_4] = [START + 8 * 24 * HOUR, START + 22 * 24 * HOUR];
/** When some copies were opened first. */
const FIRST = COPIES[1500]!.hits[0]!;
const QUESTIONS: [MessageFilter, (copy: Copy) => boolean][] = [
  [{ campaign: "campaign-4" }, ({ campaign }) => campaign === "campaign-4"],
  [{ campaign: "campaign'; --" }, () => false],
  [
    { where: between(WEEK_2, WEEK_2 + 12 * HOUR) },
    ({ openedAt }) => openedAt >= WEEK_2 && openedAt <= WEEK_2 + 12 * HOUR,
  ],
  [
    { campaign: "campaign-4", where: between(WEEK_4, WEEK_4 + 48 * HOUR) },
    ({ campaign, openedAt }) =>
      campaign === "campaign-4" && openedAt >= WEEK_4 && openedAt <= WEEK_4 + 48 * HOUR,
  ],
  [
    {
      where: {
        and: [
          { field: "campaign", operator: "eq", value: "campaign-2" },
          { field: "clickedAt", operator: "gt", value: WEEK_2 },
        ],
      },
    },
    ({ campaign, openedAt }) => campaign === "campaign-2" && openedAt > WEEK_2,
  ],
  [
    { where: { not: { field: "openedAt", operator: "gte", value: WEEK_2 } } },
    ({ openedAt }) => openedAt < WEEK_2,
  ],
  [{ where: { field: "openedAt", operator: "gte", value: -5 } }, ({ openedAt }) => openedAt > 0],
  [{ where: { field: "openedAt", operator: "gte", value: 2 ** 53 - 1 } }, () => false],
  [{ where: { field: "openedAt", operator: "eq", value: 2 ** 53 - 1 } }, () => false],
  [{ where: between(2 ** 53 - 2, 2 ** 53 - 1) }, () => false],
  [{ where: between(-5, -3) }, () => false],
  [{ where: between(WEEK_2, WEEK_2 - 1) }, () => false],
  [
    { where: { field: "clickedAt", operator: "eq", value: FIRST } },
    ({ openedAt }) => openedAt === FIRST,
  ],
];

for (const order of ["as they came", "the last first"]) {
  Deno.test(`days found by index hold all that is asked for: parts ${order}`, async () => {
    await using clickhouse = await startTestClickHouse();
    const { client } = clickhouse;
    await insertUnmerged(client, COPIES, order === "as they came" ? ROWS : ROWS.toReversed());
    const queries = createQueries(client);
    for (const [filter, holds] of QUESTIONS) {
      const { items } = await queries.messages("demo", filter, { limit: 10_000, sort: "sentAt" });
      assert.deepEqual(
        items.map(({ id, openedAt }) => [id, openedAt ?? 0]),
        COPIES.filter(holds).map(({ id, openedAt }) => [id, openedAt]),
        JSON.stringify(filter),
      );
    }
    const { total } = await queries.stats("demo", { campaign: "campaign-4" });
    assert.equal(total.clicked, COPIES.slice(1200, 1500).filter(({ openedAt }) => openedAt).length);
  });
}

Deno.test("short ranges are read whole; of many conditions two narrow", () => {
  const db = createBuilder("chappe");
  const scope = { campaign: "x", from: WEEK_2, to: WEEK_2 + 24 * HOUR };
  assert.doesNotMatch(
    scopedDeliveries(db, "demo", scope).select("d.rcpt").compile().sql,
    /distinct/,
  );
  const opened = between(WEEK_2, WEEK_4);
  assert.equal(narrowing(db, "demo", { where: { and: Array(50).fill(opened) } }).length, 2);
});
