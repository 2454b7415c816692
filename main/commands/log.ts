/** `chappe log export`: the log as others can read it. */
import { FAMILIES, type Family } from "@chappe/src/events";
import type { EventLog } from "@chappe/src/log";
import { UsageError } from "../exit.ts";
import { command } from "./command.ts";
import { ANY_ACCOUNT } from "./options.ts";

/** Families whose events hold hashes of secrets and sealed keys: only when they are named. */
const GUARDED: readonly Family[] = ["settings", "access"];

const exportIt = command({
  name: "log export",
  args: [],
  options: {
    account: ANY_ACCOUNT,
    family: {
      choices: FAMILIES,
      multiple: true,
      help: `All but ${GUARDED.join(" and ")}, unless said`,
    },
    since: { value: "time", help: "Recorded at or after, as 2026-11-28 or 2026-11-28T12:00:00Z" },
  },
  help: "The events as the log holds them, oldest first, as JSON Lines.",
  run({ events }, { account, family, since }) {
    const families = family.length > 0 ? family : FAMILIES.filter((f) => !GUARDED.includes(f));
    const from = since === undefined ? {} : { since: readTime(since) };
    return Promise.resolve({ stream: lines(events.read({ families, ...from }), account) });
  },
});

/** An event a line, with its place in the log: commit, and place in the commit. */
async function* lines(
  commits: ReturnType<EventLog["read"]>,
  account: string | undefined,
): AsyncGenerator<string> {
  for await (const { seq, recorded, events } of commits) {
    for (const [index, event] of events.entries()) {
      if (account !== undefined && event.account !== account) continue;
      yield JSON.stringify({ seq, index, ...event, recorded });
    }
  }
}

/** @throws {UsageError} */
function readTime(text: string): number {
  const time = /^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(time)) return time;
  throw new UsageError(`--since is a time in UTC such as 2026-11-28T12:00:00Z; not "${text}"`);
}

export const LOG_COMMANDS = [exportIt];
