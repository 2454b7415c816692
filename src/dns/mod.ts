/** Asking the domain name system (RFC 1035): who takes a domain's mail, and what a domain publishes. */
export { createTtlCache, type TtlCache } from "./cache.ts";
export { createDnsClient, type DnsAnswer, type DnsClient } from "./client.ts";
export { DnsFormatError, DnsUnavailableError } from "./error.ts";
export type { Server } from "./exchange.ts";
export type { RecordType } from "./message.ts";
export { readServer, systemServers } from "./servers.ts";
export { startTestDns, type TestDns, type Zone } from "./test_server.ts";
