/** However much waits for one provider, mail to the others is delivered meanwhile. */
import assert from "node:assert/strict";
import { startTestDns } from "@chappe/src/dns";
import { deliveryJob, eventsUntil, startTestStation, until } from "../test_station.ts";
import { plainServer, startPeer } from "./smtp/test_peer.ts";
import { startNode } from "./test_node.ts";

const FLOOD = 20_000;
const DAY = 86_400_000;

Deno.test("20,000 copies that one provider refuses: others are delivered while they stand", async () => {
  await using t = await startTestStation();
  let refused = 0;
  await using server = startPeer((p) =>
    plainServer(p, {
      answer: (line) => /^RCPT.*@orange\.fr/.test(line) ? `451 4.7.0 no ${refused++}` : undefined,
    })
  );
  const records = [{ type: "A", value: "127.0.0.1" } as const];
  const domains = ["free.fr", "gmail.com", "one.example", "two.example", "three.example"];
  await using dns = await startTestDns(
    Object.fromEntries(["orange.fr", ...domains].map((domain) => [domain, { records }])),
  );
  const flood = Array.from({ length: FLOOD }, (_, i) => deliveryJob(`r${i}@orange.fr`));
  await t.station.queue.enqueue(flood);
  await using _ = startNode(t, {
    dns: dns.server,
    mode: { kind: "internet", port: server.port },
    retry: { refused: [DAY], unanswered: [], every: DAY, giveUpAfter: 3 * DAY },
    // It has been there for long: what is in the queue is not in doubt from the start.
    now: () => Date.now() - 5_000,
  });
  await eventsUntil(t.station, 1, (e) => e.type === "delivery.deferred");
  for (let round = 1; round <= 10; round++) {
    await t.station.queue.enqueue(domains.map((domain) => deliveryJob(`r${round}@${domain}`)));
    await eventsUntil(t.station, round * domains.length, (e) => e.type === "delivery.delivered");
  }
  assert(refused < FLOOD / 2, `${refused} had been refused by then: nothing stood in the way`);
  // None is lost: each is tried, or waits to be, or waits for its second time.
  await until(async () => {
    const { waiting, claimed, scheduled } = await t.station.queue.depth();
    return waiting + claimed + scheduled >= FLOOD;
  });
});
