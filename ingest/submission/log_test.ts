/** Submission on the real log: a nats-server that comes and goes. */
import assert from "node:assert/strict";
import type { Event } from "@chappe/src/events";
import { connectStation } from "@chappe/src/log";
import { SILENT } from "@chappe/src/runtime";
import { startTestNats } from "@chappe/src/embedded";
import { start, text } from "./test_support.ts";

const message = (subject: string) => `From: news@example.com\r\nSubject: ${subject}\r\n\r\nBody`;

Deno.test("what was answered 250 is in the log, and while it is away nothing is", async () => {
  await using nats = await startTestNats();
  const station = await connectStation({ url: nats.url, now: Date.now, logger: SILENT });
  const server = await start({
    append: (events) => station.events.append(events),
    put: (bytes) => station.bodies.put(bytes),
  });
  using wire = await server.logIn();
  const ids = [idOf(await wire.send(message("before")))];
  await nats.kill();
  const asked = Date.now();
  await wire.send(message("meanwhile"), { expect: "451 4.3.0" });
  assert.ok(Date.now() - asked < 10_000);
  await nats.restart();
  ids.push(idOf(await untilAccepted(() => wire.send(message("after"), { expect: "" }))));
  await server.close(0);

  const events: Event[] = [];
  for await (const commit of station.events.read({ families: ["message"] })) {
    events.push(...commit.events);
  }
  const accepted = events.filter((e) => e.type === "message.accepted");
  const answered = accepted.filter(({ message }) => ids.includes(message!));
  assert.deepEqual(answered.map(({ data }) => data.subject), ["before", "after"]);
  for (const { data } of answered) {
    const raw = await station.bodies.get(data.body);
    assert.equal(text(raw), `${message(data.subject)}\r\n`);
    assert.equal(raw.length, data.size);
  }
  await station.close();
});

async function untilAccepted(send: () => Promise<string>): Promise<string> {
  while (true) {
    const reply = await send();
    if (reply.startsWith("250 ")) return reply;
    assert.match(reply, /^451 4\.3\.0 /);
  }
}

function idOf(reply: string): string {
  return reply.split(" ").at(-1)!;
}
