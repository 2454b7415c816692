/** Whose address a report is about: found in the log, and put on the account's list where it must. */
import assert from "node:assert/strict";
import { type NewEvent, uuidv7 } from "@chappe/src/events";
import { LogUnavailableError } from "@chappe/src/log";
import { accepted } from "../test_station.ts";
import { addressOf, fixture, start } from "./test_support.ts";

const MAIL = accepted(["ann@example.net", "Bob@Wanadoo.FR"], { message: uuidv7(Date.now()) });
const BOB = { account: "demo", message: MAIL.message!, rcpt: 1, purpose: "bounce" as const };
const TAKEN = { from: "", to: [addressOf(BOB)], expect: "250 2.0.0 taken as " };

async function told(name: string): Promise<NewEvent[]> {
  await using server = await start({ accepted: [MAIL] });
  using wire = await server.connect();
  await wire.send(await fixture(name), TAKEN);
  return server.appended;
}

Deno.test("a late bounce names the recipient, their domain and whose servers those are", async () => {
  const [suppression, bounced] = await told("postfix-unknown-user");
  assert(bounced?.type === "delivery.bounced");
  assert.equal(bounced.recipient, "Bob@Wanadoo.FR");
  // Where the mail went in the end is another matter: it was sent to this domain.
  assert.deepEqual([bounced.data.domain, bounced.data.provider], ["wanadoo.fr", "orange"]);
  assert(suppression?.type === "suppression.added");
  assert.deepEqual(suppression.data, { reason: "hard-bounce", source: "delivery.bounced" });
  assert.equal(suppression.recipient, "Bob@Wanadoo.FR");
});

Deno.test("a complaint puts the recipient on the list", async () => {
  const [suppression, complained] = await told("complaint");
  assert(suppression?.type === "suppression.added");
  assert.equal(suppression.data.reason, "complaint");
  assert.deepEqual([complained?.type, complained?.recipient], [
    "feedback.complained",
    "Bob@Wanadoo.FR",
  ]);
});

for (const name of ["mailbox-full", "expired-no-reply", "relayed-then-failed"]) {
  Deno.test(`${name}: the address is of use still`, async () => {
    assert.deepEqual((await told(name)).map(({ type }) => type), ["delivery.bounced"]);
  });
}

Deno.test("a final failure after one of the moment counts, and neither counts twice", async () => {
  await using server = await start({ accepted: [MAIL] });
  using wire = await server.connect();
  for (const name of ["mailbox-full", "mailbox-full", "postfix-unknown-user", "mailbox-full"]) {
    await wire.send(await fixture(name), TAKEN);
  }
  const kinds = server.appended.flatMap((e) => e.type === "delivery.bounced" ? [e.data.kind] : []);
  assert.deepEqual(kinds, ["soft", "hard"]);
});

Deno.test("a message that the log does not hold: the fact is kept, the list is not touched", async () => {
  await using server = await start();
  using wire = await server.connect();
  await wire.send(await fixture("postfix-unknown-user"), TAKEN);
  const [bounced, ...more] = server.appended;
  assert.deepEqual(more, []);
  assert(bounced?.type === "delivery.bounced");
  assert.equal(bounced.recipient, undefined);
  assert.deepEqual([bounced.data.domain, bounced.data.provider], [
    "remote.example",
    "remote_example",
  ]);
});

Deno.test("while the log cannot be read the sender is asked to come again", async () => {
  let away = true;
  const appended: NewEvent[] = [];
  await using server = await start({
    events: {
      append: (events) => {
        appended.push(...events);
        return Promise.resolve([]);
      },
      async *read() {
        await Promise.resolve();
        if (away) throw new LogUnavailableError("away");
        const recorded = Date.now();
        yield { seq: 1, family: "message", recorded, events: [{ ...MAIL, recorded }] };
      },
    },
  });
  using wire = await server.connect();
  const report = await fixture("postfix-unknown-user");
  await wire.send(report, { ...TAKEN, expect: "451 4.3.0 " });
  assert.deepEqual(appended, []);
  away = false;
  await wire.send(report, TAKEN);
  assert.equal(appended.length, 2);
});
