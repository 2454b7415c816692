import assert from "node:assert/strict";
import { startTestClickHouse } from "@chappe/src/embedded";
import { statusKey } from "@chappe/src/rules";
import { insertUnmerged, type Said } from "../testing/unmerged.ts";
import type { Filter } from "./filter.ts";
import { createQueries } from "./mod.ts";
import type { MessageFilter, MessageRow } from "./port.ts";
import { relaxed } from "./relax.ts";

const START = Date.UTC(2026, 8, 1);
const HOUR = 3_600_000;
const CLICK = 1n << 19n;

/**
 * One copy every hour. Two of three were clicked in, so it seemed, and then some of these were shown
 * to be a scanner's: many of them one after another in the middle, by time and by address.
 */
const COPIES = Array.from({ length: 300 }, (_, n) => {
  const sentAt = START + n * HOUR;
  const time = sentAt.toString(16).padStart(12, "0");
  const seemed = n % 3 > 0;
  const isScanners = n % 7 === 0 || (n > 100 && n < 200);
  return {
    id: `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${String(n).padStart(12, "0")}`,
    sentAt,
    recipient: `${String(n).padStart(3, "0")}@${n % 2 ? "Wanadoo" : "orange"}.example`,
    mark: seemed ? (BigInt(sentAt + HOUR) << 20n) + CLICK : null,
    isScanners: seemed && isScanners,
    clicked: seemed && !isScanners,
  };
});
type Copy = typeof COPIES[number];

const ROWS: Said<Copy>[] = [
  ({ sentAt, recipient }) => ({
    sent_at: sentAt / 1000,
    status_key: statusKey("pending", sentAt),
    recipient,
  }),
  ({ sentAt, mark }) =>
    mark === null
      ? null
      : { human: [String(mark)], hit_status_key: statusKey("clicked", sentAt + HOUR) },
  ({ mark, isScanners }) => isScanners ? { revoked: [String(mark)] } : null,
];

const clicked: Filter = { field: "clicked", operator: "eq", value: true };
const opened: Filter = { field: "opened", operator: "ne", value: false };
const wanadoo: Filter = { field: "recipient", operator: "contains", value: "@WANADOO" };
const atWanadoo = ({ recipient }: Copy) => recipient.includes("@Wanadoo");
const QUESTIONS: [MessageFilter, (copy: Copy) => boolean][] = [
  [{ where: clicked }, (copy) => copy.clicked],
  [{ where: { and: [wanadoo, opened] } }, (copy) => copy.clicked && atWanadoo(copy)],
  [{ where: { or: [wanadoo, clicked] } }, (copy) => copy.clicked || atWanadoo(copy)],
  [{ where: { and: [wanadoo, { not: clicked }] } }, (copy) => !copy.clicked && atWanadoo(copy)],
  [{ status: ["pending", "deferred"] }, (copy) => !copy.clicked],
  [{ status: ["pending"], where: wanadoo }, (copy) => !copy.clicked && atWanadoo(copy)],
  [{ status: ["pending"], where: clicked }, () => false],
  [{ status: ["pending", "clicked"], where: clicked }, (copy) => copy.clicked],
];

Deno.test("pages leave out whom only a scanner opened or clicked for, and nobody else", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  await insertUnmerged(client, COPIES, ROWS);
  const queries = createQueries(client);
  for (const [filter, holds] of QUESTIONS) {
    const expected = COPIES.filter(holds).map(({ id }) => id);
    for (const sort of ["recipient", "-sentAt"]) {
      for (const limit of [20, Math.max(expected.length, 1), expected.length + 1]) {
        const rows: MessageRow[] = [];
        let cursor: string | undefined;
        do {
          const page = await queries.messages("demo", filter, { sort, limit, cursor });
          assert(page.items.length === limit || page.next === null, "a page is full, or the last");
          rows.push(...page.items);
          cursor = page.next ?? undefined;
        } while (cursor !== undefined);
        const ids = rows.map(({ id }) => id);
        const inOrder = sort === "recipient" ? expected : expected.toReversed();
        assert.deepEqual(ids, inOrder, `${JSON.stringify(filter)} ${sort} ${limit}`);
      }
    }
  }
});

Deno.test("what is not asked of people's hits is said no sooner", () => {
  const not: Filter = { field: "clicked", operator: "eq", value: false };
  for (const where of [wanadoo, not, { not: clicked }, { or: [clicked, wanadoo] }]) {
    assert.equal(relaxed({ where }), null);
  }
  for (const where of [clicked, opened, { and: [{ and: [clicked] }, wanadoo] }]) {
    assert.notEqual(relaxed({ where }), null);
  }
  for (const status of ["delivered", "opened", "clicked"] as const) {
    assert.equal(relaxed({ status: [status, "deferred"] }), null);
  }
  assert.notEqual(relaxed({ status: ["deferred"], where: wanadoo }), null);
});
