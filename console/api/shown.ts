/** Waiting until a suppression list shows what was just appended to the log. */
import type { Queries } from "@chappe/analytics";
import type { NewEvent } from "@chappe/src/events";
import { within } from "./wait.ts";

/** How long an answer waits for the list, ms. */
const COMMIT_WITHIN = 2000;
/** And from the commit in ClickHouse to its row in the list, which a view fills a moment later. */
const ROW_WITHIN = 500;

/**
 * Resolves when the list shows `last`, which stands in the log as part of commit `seq`, or when that
 * takes too long: the change counts, whoever sees it.
 */
export async function shown(
  queries: Pick<Queries, "caughtUp" | "suppression">,
  seq: number,
  last: Pick<NewEvent, "account" | "recipient" | "at" | "type">,
): Promise<void> {
  const { account, recipient = "", at, type } = last;
  const shows = async () => {
    const row = await queries.suppression(account, recipient).catch(() => undefined);
    // Undefined: ClickHouse went away meanwhile.
    if (row === undefined) return true;
    return type === "suppression.removed" ? row === null : row !== null && row.addedAt >= at;
  };
  if (await queries.caughtUp(seq, COMMIT_WITHIN)) await within(ROW_WITHIN, shows);
}
