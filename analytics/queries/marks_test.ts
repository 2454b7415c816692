import assert from "node:assert/strict";
import { startTestClickHouse } from "@chappe/src/embedded";
import { statusKey } from "@chappe/src/rules";
import { dayOfMessage } from "../schema/day.ts";
import { migrate } from "../schema/migrate.ts";
import { randomness } from "../testing/traffic.ts";
import { ask } from "./ask.ts";
import { createBuilder } from "./compiler.ts";
import { deliveries } from "./delivery.ts";
import { COUNTED, MOST_MARKS, reactionsIn, reactionsOf } from "./marks.ts";
import { messageRows } from "./row.ts";

const COPIES = 500;
const START = Date.UTC(2026, 8, 1);
const CLICK = 1n << 19n;

Deno.test("marks come to the same here as in SQL, whatever was revoked and not merged yet", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  await migrate(client);
  await client.command({ query: "SYSTEM STOP MERGES chappe.deliveries" });
  const random = randomness(9);
  const some = <T>(values: readonly T[], share: number) => values.filter(() => random() < share);

  const said = Array.from({ length: COPIES }, (_, n) => {
    const at = START + Math.floor(random() * 40) * 3_600_000;
    // Few times, and ids that differ in their last bits alone: marks that a double cannot tell apart.
    const marks = Array.from({ length: Math.floor(random() * 5) }, () => {
      const time = BigInt(at + Math.floor(random() * 3));
      return (time << 20n) + (random() < 0.5 ? CLICK : 0n) + BigInt(Math.floor(random() * 3));
    });
    const keys = marks.map((mark) =>
      statusKey((mark & CLICK) > 0n ? "clicked" : "opened", Number(mark >> 20n))
    );
    const message = `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
    const row = { account: "demo", day: dayOfMessage(message), message, rcpt: 0 };
    const key = statusKey(random() < 0.1 ? "complained" : "delivered", at);
    const texts = marks.map(String);
    return [
      { ...row, human: some(texts, 0.7), status_key: key },
      { ...row, human: texts, hit_status_key: Math.max(0, ...keys) },
      { ...row, revoked: random() < 0.5 ? some(texts, 0.5) : [] },
    ];
  });
  for (const i of [0, 1, 2]) {
    const values = said.map((rows) => rows[i]!);
    await client.insert({ table: "chappe.deliveries", values, format: "JSONEachRow" });
  }

  const folded = deliveries(createBuilder("chappe"), "demo", {});
  const rows = await ask(
    client,
    createBuilder("chappe").selectFrom(folded.as("d")).select([
      ...["d.human_texts", "d.revoked_texts", "d.unrevised_key", "d.said_key"] as const,
      ...COUNTED,
    ]),
  );
  assert.equal(rows.length, COPIES);
  assert(rows.some((row) => row.revoked_texts.length > 0 && row.opens + row.clicks > 0));
  for (const row of rows) {
    assert.deepEqual(reactionsOf(row), reactionsIn(row));
  }
});

Deno.test("of a copy with very many hits the engine says what they come to", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  await migrate(client);
  const message = "00000000-0000-7000-8000-000000000001";
  const counts = [MOST_MARKS, MOST_MARKS + 1, 200_000];
  const values = counts.map((count, rcpt) => ({
    account: "demo",
    day: dayOfMessage(message),
    message,
    rcpt,
    human: Array.from({ length: count }, (_, n) => String(BigInt(START + n) << 20n)),
    hit_status_key: statusKey("opened", START + count - 1),
  }));
  await client.insert({ table: "chappe.deliveries", values, format: "JSONEachRow" });
  const db = createBuilder("chappe");
  const rows = await messageRows(client, db, deliveries(db, "demo", {}));
  assert.deepEqual(
    rows.sort((a, b) => a.rcpt - b.rcpt)
      .map(({ status, statusAt, opens, openedAt }) => [status, statusAt, opens, openedAt]),
    counts.map((count) => ["opened", START + count - 1, count, START]),
  );
});
