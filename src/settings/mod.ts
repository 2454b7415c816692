/** Accounts and what belongs to them, folded from the log. */
export * from "./state.ts";
export { type LiveSettings } from "./live.ts";
