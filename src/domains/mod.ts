/** Authentication of senders' domains: the records they need, what the DNS says of them, what aligns. */
export { authenticationOf, organisationalDomain } from "./alignment.ts";
export { checkDomain, type CheckedRecord, type DomainCheck } from "./check.ts";
export { conclude, type Doubts } from "./conclude.ts";
export { type DnsRecord, type Installation, recordsOf, type Target } from "./records.ts";
export { type RecordStatus } from "./verdict.ts";
export { watchDomains, type WatchOptions } from "./watch.ts";
export { zoneLines } from "./zone.ts";
