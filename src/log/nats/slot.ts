/** Times at which jobs come due together, so that one timer does for many. */

/** A job may come late by this share of its wait, and by this much, ms. */
const SHARE = 1 / 64;
const LONGEST_MS = 32_768;

/** The time on a grid that is the coarser the longer the wait; never before `at`. All ms UTC. */
export function slotOf(at: number, now: number): number {
  const most = Math.min(Math.max((at - now) * SHARE, 1), LONGEST_MS);
  const width = 2 ** Math.floor(Math.log2(most));
  return Math.ceil(at / width) * width;
}
