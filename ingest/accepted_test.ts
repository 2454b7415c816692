import assert from "node:assert/strict";
import { type Event, type NewEvent, uuidv7 } from "@chappe/src/events";
import { type Commit, type EventLog, LogUnavailableError } from "@chappe/src/log";
import { createFindAccepted } from "./accepted.ts";
import { accepted, startTestStation } from "./test_station.ts";

const HOUR = 3_600_000;

/** A log in memory that counts how often it is read. */
function memory(entries: readonly { at: number; events: readonly NewEvent[] }[]) {
  const commits = entries.map(({ at, events }, i): Commit => ({
    seq: i + 1,
    family: "message",
    recorded: at,
    events: events.map((event) => ({ ...event, recorded: at }) as Event),
  }));
  const log = {
    readings: 0,
    handedOut: 0,
    away: false,
    async *read({ since = 0 }: Parameters<EventLog["read"]>[0]) {
      log.readings++;
      await Promise.resolve();
      if (log.away) throw new LogUnavailableError("away");
      for (const commit of commits.filter(({ recorded }) => recorded >= since)) {
        log.handedOut++;
        yield commit;
      }
    },
  };
  return log;
}

function message(at: number) {
  return accepted([`at-${at}@example.net`], { message: uuidv7(at) });
}

Deno.test("a message is found by its id, in the real log", async () => {
  await using test = await startTestStation();
  const { events } = test.station;
  const mail = accepted(["a@example.net", "b@example.org"]);
  await events.append([accepted(["x@example.net"]), mail, accepted(["y@example.net"])]);
  const find = createFindAccepted(events);
  const found = await find("demo", mail.message!);
  assert.deepEqual(found?.data.recipients.map((r) => r.address), [
    "a@example.net",
    "b@example.org",
  ]);
  assert.equal(await find("demo", uuidv7(Date.now())), null);
  assert.equal(await find("other", mail.message!), null, "another account's");
});

Deno.test("it is read from the message's time on, and no further than it may stand", async () => {
  const events = Array.from({ length: 100 }, (_, i) => message(i * HOUR));
  const log = memory(events.map((event, i) => ({ at: i * HOUR, events: [event] })));
  const find = createFindAccepted(log);
  assert.equal((await find("demo", events[50]!.message!))?.message, events[50]!.message);
  assert.equal(log.handedOut, 1);
  assert.equal(await find("demo", uuidv7(70.5 * HOUR)), null);
  assert.equal(log.handedOut, 2, "the next commit, an hour later, ends the search");
});

Deno.test("recorded a little before the id's time by another clock, or minutes after", async () => {
  const early = message(10 * HOUR + 30_000);
  const late = message(20 * HOUR);
  const log = memory([
    { at: 10 * HOUR, events: [early] },
    { at: 20 * HOUR + 4 * 60_000, events: [late] },
  ]);
  const find = createFindAccepted(log);
  for (const { message } of [early, late]) assert((await find("demo", message!)) !== null);
});

Deno.test("many who ask at once, and again, cost one reading", async () => {
  const events = Array.from({ length: 500 }, (_, i) => message(HOUR + i));
  const log = memory([{ at: HOUR, events }]);
  const find = createFindAccepted(log);
  for (let round = 0; round < 2; round++) {
    const found = await Promise.all(events.map((e) => find("demo", e.message!)));
    assert(found.every((event, i) => event?.message === events[i]!.message));
  }
  assert.equal(log.readings, 1);
});

Deno.test("no more is remembered than messages to some 100,000 recipients", async () => {
  const people = Array.from({ length: 1_000 }, (_, i) => `p${i}@example.net`);
  const events = Array.from(
    { length: 150 },
    (_, i) => accepted(people, { message: uuidv7(HOUR + i) }),
  );
  const log = memory([{ at: HOUR, events }]);
  const find = createFindAccepted(log);
  await Promise.all(events.map((e) => find("demo", e.message!)));
  await find("demo", events[149]!.message!);
  assert.equal(log.readings, 1);
  await find("demo", events[0]!.message!);
  assert.equal(log.readings, 2);
});

Deno.test("while the log is away the question fails, and is answered later", async () => {
  const event = message(HOUR);
  const log = memory([{ at: HOUR, events: [event] }]);
  const find = createFindAccepted(log);
  log.away = true;
  await assert.rejects(find("demo", event.message!), LogUnavailableError);
  log.away = false;
  assert((await find("demo", event.message!)) !== null);
});
