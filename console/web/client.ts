/** Where a request comes from. */
import type { Context } from "hono";
import type { Env } from "../deps.ts";

/** The connection's IP address; empty where there is no connection. */
export function clientOf(c: Context<Env>): string {
  const address = c.env?.remoteAddr;
  return address?.transport === "tcp" ? address.hostname : "";
}
