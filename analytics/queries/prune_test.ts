import assert from "node:assert/strict";
import { sql } from "kysely";
import { createBuilder } from "./compiler.ts";
import { sentDeliveries } from "./delivery.ts";

const db = createBuilder("chappe");
const sent = sentDeliveries(db, "demo", {});

Deno.test("columns that a query does not name are not worked out", () => {
  const { sql: count } = sent.select(sql<number>`count()`.as("n")).compile();
  assert.match(count, /"sent_at"/);
  assert.doesNotMatch(count, /"recipient"|"opens"|"provider"/);
  const { sql: some } = sent.select("d.recipient").select(sql`any(d.opens)`.as("o"))
    .where("d.provider", "=", "x").compile();
  for (const name of ["recipient", "opens", "provider"]) {
    assert(some.includes(`as "${name}"`), name);
  }
  assert.doesNotMatch(some, /"clicks"|"subject"/);
});

Deno.test("what a named column is worked out from stays, and what that is worked out from", () => {
  const { sql: text } = sent.select("d.status_key").compile();
  for (const name of ["status_key", "hit_key", "human_marks"]) {
    assert(text.includes(`as "${name}"`), name);
  }
  assert.doesNotMatch(text, /"machine_marks"|"opens"/);
});

Deno.test("a column of the table is not what is worked out under the same name", () => {
  const { sql: text } = sent.select("d.said_key").compile();
  assert(text.includes(`deliveries.status_key as "said_key"`));
  assert.doesNotMatch(text, /"hit_key"|"human_marks"/);
});

Deno.test("queries within queries are narrowed too", () => {
  const within = sent.select("d.message").where("d.campaign", "=", "x");
  const { sql: text } = sent.select("d.recipient")
    .where(sql<boolean>`d.message IN (${within})`).compile();
  assert.equal(text.match(/as "recipient"/g)!.length, 1);
});
