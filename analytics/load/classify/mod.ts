/**
 * The classifier: what a hit's raw facts say of the recipient's device and mail client, and of who
 * or what made it. Pure, so that better tables replayed over the log restate the past.
 */
export { type Actor, ACTORS, MACHINES } from "./actor.ts";
export { type Client, clientOf } from "./client.ts";
export type { JudgedHit, RawHit, Verdict } from "./hit.ts";
export { judge, WINDOW_MS } from "./judge.ts";
