/**
 * What it costs to watch how mail is received, as every node does for all of it: an outcome judged,
 * and outcomes read from a real log. `deno task bench keeper [events]`.
 */
import { createObserver } from "../ingest/keeper/observer.ts";
import { createTally } from "../ingest/keeper/tally.ts";
import {
  deferred,
  delivered,
  HOUR,
  source,
  START,
  startKeeper,
  startWorld,
  times,
} from "../ingest/keeper/test_keeper.ts";
import type { Event } from "../src/events/mod.ts";
import { createReputation, NO_SENDING } from "../src/sending/mod.ts";
import { table } from "./support/report.ts";

const EVENTS = Number(Deno.args[0] ?? 200_000);
const ADDRESSES = 40;
/** Events of one commit, as a node under load makes them. */
const TOGETHER = 200;
const PROVIDERS = ["yahoo", "google", "free", "orange"];
const mail = (i: number) => ({
  at: START + i,
  address: `192.0.2.${i % ADDRESSES}`,
  provider: PROVIDERS[i % PROVIDERS.length]!,
});

function judged(name: string, events: readonly unknown[]): [string, string] {
  const observer = createObserver({
    state: () => NO_SENDING,
    reputation: createReputation(),
    tally: createTally(),
  });
  const round = () => events.forEach((event) => observer.attempted(event as Event));
  round();
  const before = performance.now();
  for (let i = 0; i < 10; i++) round();
  const micros = (performance.now() - before) * 1000 / (10 * events.length);
  return [`${name}, judged`, `${micros.toFixed(1)} µs each`];
}
const perSecond = (since: number) =>
  `${Math.round(EVENTS / (performance.now() - since) * 1000).toLocaleString("en")} a second`;
const settled = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

const rows = [
  judged("delivered", times(20_000, (i) => delivered(mail(i)))),
  judged("deferred", times(20_000, (i) => deferred(mail(i), "4.2.1 try again later"))),
];
await using world = await startWorld();
await world.append(source("192.0.2.1", START));
for (let i = 0; i < EVENTS; i += TOGETHER) {
  world.now = START + i;
  await world.append(...times(Math.min(TOGETHER, EVENTS - i), (j) => delivered(mail(i + j))));
}
{
  const before = performance.now();
  await using keeper = await startKeeper(world);
  const seen = () =>
    keeper.metrics.snapshot()
      .filter(({ name }) => name === "chappe_address_sent_today")
      .reduce((sum, { value }) => sum + value, 0);
  await settled(() => seen() >= Math.ceil(EVENTS / ADDRESSES));
  rows.push(["read and judged, as it comes", perSecond(before)]);
}
{
  world.now += 20 * HOUR;
  const before = performance.now();
  await using keeper = await startKeeper(world);
  await settled(() => keeper.lines.some((line) => line.includes("keeper.past")));
  rows.push(["read and counted, past, with pauses", perSecond(before)]);
}
table(["what", "how much"], rows);
