/** SMTP in from the world: what comes back about mail that we sent. */
export { type Inbound, type InboundOptions, startInbound } from "./start.ts";
