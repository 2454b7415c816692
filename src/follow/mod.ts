/** What is folded from the log and kept current, in every process that needs it. */
export { follow, type FollowOptions } from "./follow.ts";
export { followSending, type LiveSending } from "./sending.ts";
