import assert from "node:assert/strict";
import { type NewEvent, uuidv7 } from "@chappe/src/events";
import type { EventLog } from "@chappe/src/log";
import { addSuppression, importSuppressions, removeSuppression } from "@chappe/src/recipients";
import { readSuppressions, suppressionCsv } from "./suppression_list.ts";

const order = { account: "acme", by: "operator", at: 0 };
const entry = { reason: "manual", source: "operator" } as const;

async function* commits(events: readonly NewEvent[]) {
  yield { events };
}
const logOf = (events: readonly NewEvent[]) => ({
  read: () => commits(events) as unknown as ReturnType<EventLog["read"]>,
});

Deno.test("the list is what the log says last, of one account", async () => {
  const list = await readSuppressions(
    logOf([
      addSuppression(order, { ...entry, recipient: "ann@example.net" }),
      addSuppression({ ...order, account: "other" }, { ...entry, recipient: "eve@example.net" }),
      addSuppression(order, { ...entry, recipient: "bob@example.net" }),
      removeSuppression(order, "BOB@example.net"),
      {
        ...addSuppression(order, { ...entry, reason: "complaint", recipient: "ann@example.net" }),
        id: uuidv7(1),
      },
    ]),
    "acme",
  );
  assert.deepEqual([...list.values()].map((s) => [s.recipient, s.reason]), [
    ["ann@example.net", "complaint"],
  ]);
});

Deno.test("an export is imported again as it was", async () => {
  const note = 'said "no",\nthen; again';
  const events = [addSuppression(order, { ...entry, recipient: "ann@example.net", note })];
  const csv = suppressionCsv((await readSuppressions(logOf(events), "acme")).values());
  const again: NewEvent[] = [];
  await importSuppressions(new Response(csv.join("\n")).body!, {
    account: "acme",
    source: "export.csv",
    by: "operator",
    append: (e) => Promise.resolve(again.push(...e)),
    now: () => 0,
  });
  assert.deepEqual(again.map((e) => [e.recipient, e.data]), [
    ["ann@example.net", { reason: "manual", source: "export.csv", note }],
  ]);
});
