import assert from "node:assert/strict";
import type { Event, SuppressionReason } from "@chappe/src/events";
import type { Station } from "@chappe/src/log";
import { suppressionId } from "@chappe/src/rules";
import { deliveryJob, eventsUntil, startTestStation, until } from "../test_station.ts";
import { outcomeId } from "./decide.ts";
import { plainServer, startPeer } from "./smtp/test_peer.ts";
import { startNode } from "./test_node.ts";

async function all(station: Station): Promise<(Event & { seq: number })[]> {
  const found = [];
  const families = ["suppression", "delivery"] as const;
  for await (const commit of station.events.read({ families })) {
    found.push(...commit.events.map((event) => ({ ...event, seq: commit.seq })));
  }
  return found;
}

Deno.test("who is on the list when a retry is due gets nothing, and the job is done", async () => {
  await using t = await startTestStation();
  let attempts = 0;
  const listed = new Map<string, SuppressionReason>();
  await using peer = startPeer((p) =>
    plainServer(p, {
      answer(line) {
        if (!line.startsWith("RCPT")) return;
        attempts++;
        listed.set("demo left@a.test", "unsubscribe");
        return "450 4.7.1 greylisted";
      },
    })
  );
  await using _ = startNode(t, {
    mode: { kind: "relay", host: "127.0.0.1", port: peer.port },
    suppressed: (account, recipient) => listed.get(`${account} ${recipient}`) ?? null,
  });
  const job = deliveryJob("left@a.test");
  await t.station.queue.enqueue([job]);
  const events = await eventsUntil(t.station, 2);
  assert.deepEqual(events.map((e) => e.type), ["delivery.deferred", "delivery.suppressed"]);
  const { message, rcpt, cause } = job.data;
  const suppressed = events[1]!;
  assert.deepEqual(suppressed.data, { reason: "unsubscribe" });
  assert.deepEqual(
    [suppressed.message, suppressed.rcpt, suppressed.recipient, suppressed.cause],
    [message, rcpt, "left@a.test", cause],
  );
  assert.equal(attempts, 1);
  await until(async () => {
    const { waiting, claimed, scheduled } = await t.station.queue.depth();
    return waiting + claimed + scheduled === 0;
  });
});

Deno.test("an address of no use is on the list before its refusal is in the log; no other is", async () => {
  await using t = await startTestStation();
  await using peer = startPeer((p) =>
    plainServer(p, {
      answer(line) {
        if (line.startsWith("RCPT TO:<Gone")) return "550 5.1.1 no such user";
        if (line.startsWith("RCPT TO:<spam")) return "550 5.7.1 looks like spam";
        if (line.startsWith("RCPT TO:<full")) return "552 5.2.2 mailbox full";
      },
    })
  );
  await using _ = startNode(t, { mode: { kind: "relay", host: "127.0.0.1", port: peer.port } });
  const gone = deliveryJob("Gone@a.test");
  const others = ["spam@a.test", "full@a.test", "fine@a.test"].map((to) => deliveryJob(to));
  await t.station.queue.enqueue([gone, ...others]);
  await eventsUntil(t.station, 4);

  const events = await all(t.station);
  const added = events.filter((e) => e.type === "suppression.added");
  assert.equal(added.length, 1);
  const bounced = events.find((e) => e.id === outcomeId(gone.data))!;
  assert(added[0]!.seq < bounced.seq);
  assert.deepEqual(added[0]!.data, { reason: "hard-bounce", source: "delivery.bounced" });
  assert.equal(added[0]!.id, suppressionId("demo", "gone@a.test", bounced.id));
  assert.deepEqual(
    [added[0]!.recipient, added[0]!.message, added[0]!.cause],
    ["Gone@a.test", gone.data.message, bounced.id],
  );
});
