import assert from "node:assert/strict";
import { startTestClickHouse } from "@chappe/src/embedded";
import { derivedId, type Event } from "@chappe/src/events";
import { loaded } from "../testing/loaded.ts";
import { naive, type NaiveDelivery } from "../testing/naive.ts";
import { ACCOUNTS, HOSTILE, OWN_NAMES, traffic } from "../testing/traffic.ts";
import type { Scope } from "./analyses.ts";

const EVENTS = traffic(13, 200, Date.UTC(2026, 9, 30));
const ALL = naive(EVENTS);
const bytes = (text: string) => new TextEncoder().encode(text).toHex();

function expected(copies: readonly NaiveDelivery[]) {
  const told = copies.flatMap(({ fields }) => Object.entries(fields));
  return [...Map.groupBy(told, ([name]) => name)]
    .map(([name, all]) => ({ name, copies: all.filter(([, text]) => text !== "").length }))
    .sort((a, b) => bytes(a.name) < bytes(b.name) ? -1 : 1);
}

Deno.test("which fields there are, by name, of the copies that are meant", async () => {
  await using clickhouse = await startTestClickHouse();
  const queries = await loaded(clickhouse.client, EVENTS);
  for (const account of ACCOUNTS) {
    const own = ALL.filter((d) => d.account === account);
    const message = own.find(({ fields }) => Object.keys(fields).length > 0)!.id;
    const from = own[own.length >> 1]!.sentAt;
    const questions: [Scope, (d: NaiveDelivery) => boolean][] = [
      [{}, () => true],
      [{ campaign: "spring" }, (d) => d.campaign === "spring"],
      [{ message }, (d) => d.id === message],
      [{ from }, (d) => d.sentAt >= from],
      ...HOSTILE.map((campaign): [Scope, () => boolean] => [{ campaign }, () => false]),
      ...HOSTILE.map((message): [Scope, () => boolean] => [{ message }, () => false]),
    ];
    for (const [scope, isMeant] of questions) {
      const found = await queries.ownFields(account, scope);
      assert.deepEqual(found, expected(own.filter(isMeant)), JSON.stringify(scope));
    }
    assert.equal((await queries.ownFields(account, {})).length, OWN_NAMES.length);
    for (const other of ["nobody", ...ACCOUNTS.filter((name) => name !== account)]) {
      assert.deepEqual(await queries.ownFields(other, { message }), []);
    }
  }
});

Deno.test("of more than a thousand fields the first are told", async () => {
  await using clickhouse = await startTestClickHouse();
  const accepted = EVENTS.find((e): e is Event<"message.accepted"> =>
    e.type === "message.accepted"
  )!;
  const recipients = Array.from({ length: 21 }, (_, rcpt) => ({
    address: `r${rcpt}@b.example`,
    kind: "to" as const,
    fields: Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [`${rcpt * 50 + n}`.padStart(5, "0"), "x"]),
    ),
  }));
  const event = { ...accepted, id: derivedId("many"), data: { ...accepted.data, recipients } };
  const queries = await loaded(clickhouse.client, [event]);
  const found = await queries.ownFields(accepted.account, {});
  assert.equal(found.length, 1_000);
  assert.deepEqual([found[0], found.at(-1)], [
    { name: "00000", copies: 1 },
    { name: "00999", copies: 1 },
  ]);
});
