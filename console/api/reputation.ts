/** How mail from an address is received. */
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { iso, Time } from "./lists.ts";
import { type Route, route } from "./route.ts";
import { ownAddress } from "./seen_sources.ts";

const count = z.int().nonnegative();
const Received = z.strictObject({
  sent: count.describe("Attempts that a server answered"),
  delivered: count,
  deferred: count.describe("Without greylisting, full mailboxes and other matters of recipients"),
  bounced: count,
  complained: count.describe("Copies reported as spam in this time, whenever they were sent"),
  opened: count.describe("Copies that people opened in this time"),
});

const Reputation = z.strictObject({
  address: z.string(),
  at: Time,
  listed: z.array(z.string()).describe("DNS block lists that name it"),
  items: z.array(z.strictObject({
    provider: z.string().nullable().describe("Null: all of them"),
    windows: z.strictObject({ "15m": Received, "1h": Received, "24h": Received }),
  })),
});

export function reputation(
  { queries, sending, now }: Pick<ConsoleDeps, "queries" | "sending" | "now">,
): Route[] {
  return [
    route({
      method: "get",
      path: "/addresses/{address}/reputation",
      id: "getReputation",
      summary: "What became of its mail in the last quarter of an hour, hour and day, by provider",
      role: "analyst",
      answer: { status: 200, name: "Reputation", schema: Reputation },
      problems: [403],
      async handle({ account, param }) {
        const { ip, listed } = ownAddress(sending.now, account, param("address"));
        const at = now();
        const items = await queries.reputation(ip, at);
        return { address: ip, at: iso(at), listed: [...listed], items };
      },
    }),
  ];
}
