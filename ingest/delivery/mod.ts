/** SMTP out: jobs from the queue, over connections, to outcome events. */
import { createDnsClient, type Server } from "@chappe/src/dns";
import { createMxResolver, type MxResolver } from "./mx.ts";

export { readServer, systemServers } from "@chappe/src/dns";
export type { MxResolver } from "./mx.ts";
export type { Limits } from "./pool.ts";
export { type Delivery, type DeliveryOptions, startDelivery } from "./start.ts";
export type { Mode } from "./target.ts";

/** Finds mail servers by asking `servers`, in their order. */
export function createResolver(
  { servers, now }: { servers: readonly Server[]; now: () => number },
): MxResolver {
  return createMxResolver(createDnsClient({ servers, now }));
}
