/** Authentication of senders' domains: the records they need, and what the DNS says of them. */
export { checkDomain, type CheckedRecord, type DomainCheck } from "./check.ts";
export { conclude, type Doubts } from "./conclude.ts";
export { type DnsRecord, type Installation, recordsOf, type Target } from "./records.ts";
export { type RecordStatus } from "./verdict.ts";
export { watchDomains, type WatchOptions } from "./watch.ts";
export { zoneLines } from "./zone.ts";
