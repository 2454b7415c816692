/** From how mail is received to what is done about it: shaping, pauses, alerts, the days of warm-ups. */
export { type KeeperOptions, runKeeper } from "./keeper.ts";
export { listsOf } from "./lists.ts";
