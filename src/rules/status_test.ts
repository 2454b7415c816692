import assert from "node:assert/strict";
import fc from "fast-check";
import type { Event } from "../events/mod.ts";
import { readStatusKey, type Status, STATUSES, statusKey, statusOf } from "./status.ts";

type Told = Pick<Event, "type" | "data">;

/** What can happen to a copy, and the status each fact argues for by itself. */
const FACTS: Record<string, { event: Told; alone: Status }> = {
  accepted: { event: told("message.accepted"), alone: "pending" },
  "no server answers": { event: told("delivery.deferred", { reply: null }), alone: "pending" },
  "451": { event: told("delivery.deferred", { reply: { code: 451 } }), alone: "deferred" },
  "250": { event: told("delivery.delivered"), alone: "delivered" },
  "552 mailbox full": { event: told("delivery.bounced", { kind: "soft" }), alone: "soft_bounced" },
  "late DSN, soft": {
    event: told("delivery.bounced", { kind: "soft", mode: "async" }),
    alone: "soft_bounced",
  },
  "550 unknown user": { event: told("delivery.bounced", { kind: "hard" }), alone: "cancelled" },
  "late DSN, hard": {
    event: told("delivery.bounced", { kind: "hard", mode: "async" }),
    alone: "cancelled",
  },
  "given up after 3 days": { event: told("delivery.expired"), alone: "cancelled" },
  "called off": { event: told("delivery.cancelled"), alone: "cancelled" },
  suppressed: { event: told("delivery.suppressed"), alone: "blacklisted" },
  opened: { event: told("engagement.opened"), alone: "opened" },
  clicked: { event: told("engagement.clicked"), alone: "clicked" },
  unsubscribed: { event: told("feedback.unsubscribed"), alone: "unsubscribed" },
  complained: { event: told("feedback.complained"), alone: "complained" },
};

function told(type: string, data: Record<string, unknown> = {}): Told {
  return { type, data } as unknown as Told;
}

/** The status after these facts, as ClickHouse folds it: the maximum of their keys. */
function statusAfter(events: readonly Told[]): Status | null {
  const statuses = events.map(statusOf).filter((status) => status !== null);
  if (statuses.length === 0) return null;
  return readStatusKey(Math.max(...statuses.map((status, at) => statusKey(status, at)))).status;
}

/**
 * Of every two statuses, the one that stands. Row and column are in order of the seed's list; written
 * down by hand, so that a change of the order in status.ts is a change that somebody means.
 *
 * P pending, d deferred, D delivered, S soft_bounced, X cancelled, B blacklisted, O opened, C clicked,
 * U unsubscribed, R complained.
 */
const STANDS = `
     P d D S X B O C U R
  P  P d D S X B O C U R
  d  d d D S X B O C U R
  D  D D D S X B O C U R
  S  S S S S X B O C U R
  X  X X X X X B O C U R
  B  B B B B B B O C U R
  O  O O O O O O O C U R
  C  C C C C C C C C U R
  U  U U U U U U U U U R
  R  R R R R R R R R R R
`;
const LETTERS: Record<string, Status> = {
  P: "pending",
  d: "deferred",
  D: "delivered",
  S: "soft_bounced",
  X: "cancelled",
  B: "blacklisted",
  O: "opened",
  C: "clicked",
  U: "unsubscribed",
  R: "complained",
};

const [columns, ...rows] = STANDS.trim().split("\n").map((line) => line.trim().split(/\s+/));
const stands = new Map(
  rows.flatMap(([row, ...cells]) =>
    cells.map((cell, i) => [`${LETTERS[row!]} ${LETTERS[columns![i]!]}`, LETTERS[cell]!] as const)
  ),
);

Deno.test("the table has every pair, and says the same in both orders", () => {
  assert.equal(stands.size, STATUSES.length ** 2);
  for (const a of STATUSES) {
    for (const b of STATUSES) assert.equal(stands.get(`${a} ${b}`), stands.get(`${b} ${a}`));
  }
});

for (const [name, fact] of Object.entries(FACTS)) {
  Deno.test(`${name}: alone, and with each other fact in both orders`, () => {
    assert.equal(statusOf(fact.event), fact.alone);
    for (const [other, { event, alone }] of Object.entries(FACTS)) {
      const expected = stands.get(`${fact.alone} ${alone}`);
      assert.equal(statusAfter([fact.event, event]), expected, `${name}, then ${other}`);
      assert.equal(statusAfter([event, fact.event]), expected, `${other}, then ${name}`);
    }
  });
}

/** Whole stories, as the relay document tells them, in the order of the log. */
const STORIES: [story: string, facts: (keyof typeof FACTS)[], status: Status][] = [
  ["waits for an answer", ["accepted", "no server answers", "no server answers"], "pending"],
  ["greylisted", ["accepted", "451"], "deferred"],
  ["answered once, then silent", ["accepted", "451", "no server answers"], "deferred"],
  ["taken at the second try", ["accepted", "451", "250"], "delivered"],
  ["a retry heard of late lowers nothing", ["accepted", "250", "451"], "delivered"],
  ["given up", ["accepted", "no server answers", "given up after 3 days"], "cancelled"],
  ["a DSN after 250", ["accepted", "250", "late DSN, hard"], "cancelled"],
  ["a DSN of a full mailbox after 250", ["accepted", "250", "late DSN, soft"], "soft_bounced"],
  ["opened before it is delivered", ["accepted", "opened", "250"], "opened"],
  ["read, then a relay gives up on a copy", ["250", "opened", "late DSN, hard"], "opened"],
  ["read, clicked, reported as spam", ["250", "opened", "clicked", "complained"], "complained"],
  ["a click after the complaint", ["250", "complained", "clicked"], "complained"],
  ["unsubscribed by a click", ["250", "opened", "clicked", "unsubscribed"], "unsubscribed"],
  ["opened again after unsubscribing", ["250", "unsubscribed", "opened"], "unsubscribed"],
  ["on the list before it was sent", ["accepted", "suppressed"], "blacklisted"],
  ["put on the list while it waited", ["accepted", "451", "suppressed"], "blacklisted"],
  ["called off while it waited", ["accepted", "451", "called off"], "cancelled"],
];
for (const [story, facts, status] of STORIES) {
  Deno.test(`${story}: ${status}`, () => {
    assert.equal(statusAfter(facts.map((name) => FACTS[name]!.event)), status);
  });
}

Deno.test("any order and any repetition of facts give the same status", () => {
  const facts = Object.values(FACTS).map(({ event }) => event);
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...facts), { minLength: 1, maxLength: 12 }).chain((some) =>
        fc.tuple(
          fc.constant(some),
          fc.shuffledSubarray(some, { minLength: some.length }),
          fc.array(fc.constantFrom(...some), { maxLength: 5 }),
        )
      ),
      ([some, shuffled, again]) => {
        assert.equal(statusAfter([...shuffled, ...again]), statusAfter(some));
      },
    ),
  );
});

Deno.test("facts about other things argue for none", () => {
  for (const type of ["message.rejected", "suppression.added", "consent.withdrawn"]) {
    assert.equal(statusOf(told(type)), null);
  }
});

Deno.test("a status key reads back", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...STATUSES),
      fc.integer({ min: 0, max: 2 ** 43 - 1 }),
      (status, at) => assert.deepEqual(readStatusKey(statusKey(status, at)), { status, at }),
    ),
  );
});

Deno.test("keys are exact integers and order by strength first, then time", () => {
  const late = 2 ** 43 - 1;
  for (let i = 1; i < STATUSES.length; i++) {
    const weaker: Status = STATUSES[i - 1]!;
    assert(statusKey(STATUSES[i]!, 0) > statusKey(weaker, late));
    assert(Number.isSafeInteger(statusKey(STATUSES[i]!, late)));
  }
});
