/** From what recipients told us to the account's list. */
export { runSuppressor, type SuppressorOptions } from "./run.ts";
