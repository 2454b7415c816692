import assert from "node:assert/strict";
import fc from "fast-check";
import { startTestClickHouse } from "@chappe/src/embedded";
import { loaded } from "../testing/loaded.ts";
import { naive } from "../testing/naive.ts";
import { compare, holds, valueOf } from "../testing/naive_filter.ts";
import { ACCOUNTS, HOSTILE, OWN_NAMES, traffic } from "../testing/traffic.ts";
import { type ColumnName, FIELD_NAMES, fieldOf } from "./fields.ts";
import { type Filter, type Operator, OPERATORS_OF, type Value } from "./filter.ts";
import type { MessageFilter, MessageRow } from "./port.ts";

const SORTS = ["-count", "count", "key", "-key"];
const EVENTS = traffic(11, 150, Date.UTC(2026, 9, 30));
const [, ACCOUNT] = ACCOUNTS;
const OWN = naive(EVENTS).filter(({ account }) => account === ACCOUNT);

/** Every column, and fields of the senders' own, one of which nobody has. */
const COLUMNS: readonly ColumnName[] = [
  ...FIELD_NAMES,
  ...[...OWN_NAMES, "nobody's"].map((name) => `fields.${name}` as const),
];

/** Values that stand in the column, parts of them, and others that mean ill. */
function valueFor(name: ColumnName): fc.Arbitrary<Value> {
  const field = fieldOf(name);
  switch (field.kind) {
    case "flag":
      return fc.boolean();
    case "choice":
      return fc.constantFrom(...Object.keys(field.codes));
    case "number":
    case "time":
      return fc.oneof(
        fc.constantFrom(...OWN.map((d) => Number(valueOf(d, name) ?? 0))),
        fc.maxSafeInteger(),
        fc.constantFrom(0, -1),
      );
    case "text": {
      const standing = fc.constantFrom(...OWN.map((d) => String(valueOf(d, name))));
      return fc.oneof(
        standing,
        fc.tuple(standing, fc.nat(20), fc.nat(20)).map(([t, from, n]) =>
          t.slice(from, from + n).toUpperCase().toWellFormed()
        ),
        fc.constantFrom(...HOSTILE, "", "%", "_", "' OR 1 = 1 --", "\\", "{p0:String}", "NULL"),
        fc.string({ unit: "binary", maxLength: 12 }).map((t) => t.toWellFormed()),
        fc.constantFrom("'", "\\").map((t) => t.repeat(5_000)),
      );
    }
  }
}

const condition = fc.constantFrom(...COLUMNS).chain((field): fc.Arbitrary<Filter> =>
  fc.constantFrom(...OPERATORS_OF[fieldOf(field).kind]).chain(
    (operator: Operator): fc.Arbitrary<Filter> => {
      const one = valueFor(field);
      if (operator === "isEmpty" || operator === "isNotEmpty") {
        return fc.constant({ field, operator });
      }
      const value = operator === "between"
        ? fc.tuple(one, one)
        : operator === "in" || operator === "notIn"
        ? fc.array(one, { maxLength: 5 })
        : one;
      return value.map((value) => ({ field, operator, value }));
    },
  )
);
const anyFilter = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    condition,
    fc.array(tie("filter"), { minLength: 1, maxLength: 3 }).map((and): Filter => ({ and })),
    fc.array(tie("filter"), { minLength: 1, maxLength: 3 }).map((or): Filter => ({ or })),
    tie("filter").map((not): Filter => ({ not })),
  ),
})).filter;

const keyOf = ({ id, rcpt }: { id: string; rcpt: number }) => `${id} ${rcpt}`;
const keys = (rows: readonly { id: string; rcpt: number }[]) => rows.map(keyOf).sort();

Deno.test("a filter lets through what a look at each delivery lets through", async (t) => {
  await using clickhouse = await startTestClickHouse();
  const queries = await loaded(clickhouse.client, EVENTS);
  const found = async (where: Filter, page = {}): Promise<MessageRow[]> =>
    (await queries.messages(ACCOUNT, { where }, { limit: 5000, ...page })).items;

  await t.step("each column, and each operator of its kind", async () => {
    for (const [i, field] of COLUMNS.entries()) {
      const operators = OPERATORS_OF[fieldOf(field).kind];
      const kind = COLUMNS.filter((name) => fieldOf(name).kind === fieldOf(field).kind);
      // All of the first columns of a kind, some of each other one.
      for (const [n, operator] of operators.entries()) {
        if (kind.indexOf(field) > 1 && (n + i) % 5 > 0) continue;
        const [one, two] = fc.sample(valueFor(field), { numRuns: 2, seed: 5 }) as [Value, Value];
        const none = operator === "isEmpty" || operator === "isNotEmpty";
        const list = operator === "between" || operator === "in" || operator === "notIn";
        const where: Filter = none
          ? { field, operator }
          : { field, operator, value: list ? [one, two] : one };
        const expected = OWN.filter((d) => holds(where, d));
        assert.deepEqual(keys(await found(where)), keys(expected), JSON.stringify(where));
      }
    }
  });

  await t.step("each reply, whatever stands in it", async () => {
    const replies = new Set(OWN.map((d) => valueOf(d, "bounceReply") as string));
    assert(replies.size > 4);
    for (const value of replies) {
      const where = { field: "bounceReply", operator: "eq", value } as const;
      assert.deepEqual(keys(await found(where)), keys(OWN.filter((d) => holds(where, d))), value);
    }
  });

  await t.step("any combination, with hostile values", async () => {
    await fc.assert(
      fc.asyncProperty(anyFilter, async (where) => {
        assert.deepEqual(keys(await found(where)), keys(OWN.filter((d) => holds(where, d))));
      }),
      { numRuns: 60 },
    );
  });

  await t.step("beside the simple filters, and never of another account", async () => {
    const where: Filter = { not: { field: "id", operator: "eq", value: "x" } };
    const asked: MessageFilter = { where, campaign: "spring" };
    const { items } = await queries.messages(ACCOUNT, asked, { limit: 5000 });
    assert.deepEqual(keys(items), keys(OWN.filter(({ campaign }) => campaign === "spring")));
    assert.deepEqual((await queries.messages("nobody", { where }, { limit: 5 })).items, []);
  });

  await t.step("sorted by any column", async () => {
    const byId = new Map(OWN.map((d) => [keyOf(d), d]));
    for (const [i, field] of COLUMNS.entries()) {
      for (const descending of i % 3 === 0 ? [false, true] : [i % 3 === 1]) {
        const sort = `${descending ? "-" : ""}${field}`;
        const rows: MessageRow[] = [];
        let cursor: string | undefined;
        do {
          const page = await queries.messages(ACCOUNT, {}, { sort, limit: 100, cursor });
          rows.push(...page.items);
          cursor = page.next ?? undefined;
        } while (cursor !== undefined);
        assert.deepEqual(keys(rows), keys(OWN), sort);
        const values = rows.map((row) => valueOf(byId.get(keyOf(row))!, field) ?? 0);
        values.slice(1).forEach((value, i) => {
          const order = compare(field, values[i]!, value);
          assert(descending ? order >= 0 : order <= 0, `${sort}: ${values[i]} ${value}`);
        });
      }
    }
  });
});

Deno.test("groups by any column count what their filter lists", async () => {
  await using clickhouse = await startTestClickHouse();
  const queries = await loaded(clickhouse.client, EVENTS);
  const filter: MessageFilter = { where: { field: "rcpt", operator: "lt", value: 2 } };
  const own = OWN.filter(({ rcpt }) => rcpt < 2);
  for (const [i, groupBy] of COLUMNS.entries()) {
    for (const sort of i % 9 === 0 ? SORTS : [SORTS[i % SORTS.length]!]) {
      const all = [];
      let cursor: string | undefined;
      do {
        const page = await queries.groups(ACCOUNT, filter, { groupBy, sort, limit: 50, cursor });
        all.push(...page.items);
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      const expected = Map.groupBy(own, (d) => {
        const value = valueOf(d, groupBy);
        if (fieldOf(groupBy).kind === "time" && value !== null) {
          return Number(value) - Number(value) % 86_400_000;
        }
        return value === "" ? null : value;
      });
      assert.deepEqual(
        new Map(all.map(({ key, count }) => [key, count])),
        new Map([...expected].map(([key, { length }]) => [key, length])),
        groupBy,
      );
      assert.equal(all.length, expected.size, `${groupBy} ${sort}`);
      const [first] = all;
      const within = { where: { and: [filter.where!, first!.where] } };
      const { items } = await queries.messages(ACCOUNT, within, { limit: 5000 });
      assert.deepEqual(keys(items), keys(expected.get(first!.key)!));
    }
  }
  const page = { groupBy: "sentAt", timezone: "pacific/auckland", limit: 100 } as const;
  const days = (await queries.groups(ACCOUNT, {}, page)).items;
  const midnight = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Pacific/Auckland",
    timeStyle: "medium",
  });
  for (const { key } of days) assert.equal(midnight.format(key as number), "00:00:00");
  assert.deepEqual((await queries.groups("nobody", {}, page)).items, []);
  for (const timezone of ["Mars/Base", "+02:00", "'; SELECT 1", ""]) {
    await assert.rejects(queries.groups(ACCOUNT, {}, { ...page, timezone }), /Europe\/Paris/);
  }
});
