/** Pure decisions: no clock, no randomness, no I/O. */
export { readStatusKey, type Status, STATUSES, statusKey, statusOf } from "./status.ts";
