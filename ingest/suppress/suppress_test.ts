import assert from "node:assert/strict";
import { type Event, event, type NewEvent, uuidv7 } from "@chappe/src/events";
import { LogUnavailableError, type Station } from "@chappe/src/log";
import { suppressionId, suppressionOf } from "@chappe/src/rules";
import { createLogger, createMetrics, SILENT } from "@chappe/src/runtime";
import { accepted, startTestStation, until } from "../test_station.ts";
import { runSuppressor } from "./mod.ts";

function suppressor(station: Pick<Station, "events">, logger = SILENT) {
  const abort = new AbortController();
  const metrics = createMetrics();
  const running = runSuppressor({ station, logger, metrics, signal: abort.signal });
  return {
    async [Symbol.asyncDispose]() {
      abort.abort();
      await running;
    },
  };
}

const left = (message: string, rcpt: number, over: { account?: string; recipient?: string } = {}) =>
  event(
    "feedback.unsubscribed",
    { id: uuidv7(Date.now()), account: "demo", at: 1_763_800_000_000, message, rcpt, ...over },
    { method: "one-click" },
  );

async function listed(station: Station): Promise<Event[]> {
  const found: Event[] = [];
  for await (const commit of station.events.read({ families: ["suppression"] })) {
    found.push(...commit.events);
  }
  return found;
}
/** Waits until the suppressor is done with what it was given: it has acknowledged all of it. */
async function listedUntil(station: Station, count: number): Promise<Event[]> {
  let found: Event[] = [];
  await until(async () => (found = await listed(station)).length >= count);
  return found;
}

Deno.test("whom a fact without an address is about goes on the list", async () => {
  await using t = await startTestStation();
  const { station } = t;
  const mail = accepted(["Anne@b.example", "paul@b.example"]);
  await station.events.append([mail]);
  await using _ = suppressor(station);
  const fact = left(mail.message!, 1);
  await station.events.append([fact]);
  const [added] = await listedUntil(station, 1);
  const { recorded: _recorded, ...expected } = {
    recorded: 0,
    ...suppressionOf(fact, "paul@b.example")!,
  };
  const { recorded: _also, ...made } = added!;
  assert.deepEqual(made, expected);

  // A complaint that names its recipient was dealt with; of the two only the first says nothing new.
  const named = left(mail.message!, 0, { recipient: "Anne@b.example" });
  const again = left(mail.message!, 0);
  await station.events.append([named]);
  await station.events.append([again]);
  const both = await listedUntil(station, 2);
  assert.deepEqual(both.map((e) => e.cause), [fact.id, again.id]);
  assert.equal(both[1]!.recipient, "Anne@b.example");
});

Deno.test("nobody's message, another account's, a recipient that is none: told, and over", async () => {
  await using t = await startTestStation();
  const { station } = t;
  const lines: string[] = [];
  const logger = createLogger((line) => lines.push(line), Date.now, {});
  const mail = accepted(["anne@b.example"]);
  await station.events.append([mail]);
  await using _ = suppressor(station, logger);
  const strange: NewEvent[] = [
    left(uuidv7(Date.now()), 0),
    left(mail.message!, 0, { account: "other" }),
    left(mail.message!, 7),
  ];
  await station.events.append(strange);
  await station.events.append([left(mail.message!, 0)]);
  const found = await listedUntil(station, 1);
  await until(() => lines.filter((l) => l.includes("suppress.unknown-recipient")).length === 3);
  assert.deepEqual(found.map((e) => e.recipient), ["anne@b.example"]);
});

Deno.test("what came while it was away, or could not be written, is done when it can be", async () => {
  await using t = await startTestStation();
  const { station } = t;
  const mail = accepted(["anne@b.example"]);
  await station.events.append([mail]);
  const fact = left(mail.message!, 0);
  await station.events.append([fact]);
  let failures = 2;
  const flaky = {
    events: {
      ...station.events,
      append: (events: readonly NewEvent[]) =>
        failures-- > 0
          ? Promise.reject(new LogUnavailableError("away"))
          : station.events.append(events),
    },
  };
  await using _ = suppressor(flaky);
  const found = await listedUntil(station, 1);
  assert.deepEqual(found.map((e) => e.id), [suppressionId("demo", "anne@b.example", fact.id)]);
  assert(failures < 0);
});
