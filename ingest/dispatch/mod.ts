/** From accepted messages to jobs. */
export { type DispatcherOptions, runDispatcher } from "./run.ts";
