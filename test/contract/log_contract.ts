/**
 * What the log promises to the parts, whatever stands behind it. `start` gives a fresh, empty log for
 * each test, which can be crashed and brought back.
 */
import type { Station } from "@chappe/src/log";
import { appendAndRead } from "./log_events.ts";
import { bodiesAndMailbox } from "./log_bodies.ts";
import { crashes } from "./log_crashes.ts";
import { memos } from "./log_memos.ts";
import { queueAndTimers } from "./log_queue.ts";
import { registers } from "./log_registers.ts";
import { sharing } from "./log_sharing.ts";

export interface OpenOptions {
  now?: () => number;
  appendTimeoutMs?: number;
  ackWaitMs?: number;
  storeBytes?: number;
  bodiesDays?: number;
}

export interface LogUnderTest extends AsyncDisposable {
  /** Another process's view of the same log. Closed with the test. */
  open(options?: OpenOptions): Promise<Station>;
  /** The log dies at once, as with `kill -9`. */
  crash(): Promise<void>;
  /** It comes back with what it had acknowledged. */
  restart(): Promise<void>;
}

export type StartLog = () => Promise<LogUnderTest>;

/** Registers the contract's tests. */
export function logContract(name: string, start: StartLog): void {
  const parts = [
    appendAndRead,
    bodiesAndMailbox,
    queueAndTimers,
    memos,
    registers,
    sharing,
    crashes,
  ];
  for (const part of parts) {
    for (const [promise, test] of Object.entries(part)) {
      Deno.test(`log on ${name}: ${promise}`, async () => {
        await using log = await start();
        await test(log);
      });
    }
  }
}
