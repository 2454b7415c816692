/** The SMTP node: from a sender's DATA to the outcome of each copy. */
export { startSubmission } from "./submission/mod.ts";
export { startInbound } from "./inbound/mod.ts";
