/** The roles a process can play, and how one machine spreads them over processes. */

import { UsageError } from "./exit.ts";

export const ROLES = ["submission", "inbound", "edge", "delivery", "loader", "console"] as const;
export type Role = typeof ROLES[number];

/**
 * Processes of a platform on one machine. Each has an event loop of its own, so that taking mail in,
 * sending it out and querying do not wait for each other; the loader and the console share the
 * embedded ClickHouse engine, which belongs to one process.
 */
export const PROCESSES: readonly (readonly Role[])[] = [
  ["submission", "inbound", "edge"],
  ["delivery"],
  ["loader", "console"],
];

/**
 * Each request and message makes objects that live for a moment. With more room for the young they
 * die there, instead of being copied: a sixth less work per hit, for some 30 MB a process.
 */
export const V8_FLAGS = "--v8-flags=--min-semi-space-size=16,--max-semi-space-size=32";

/** Deno permissions a process needs for its roles, beyond the network. `data` is the data directory. */
export function permissionsFor(roles: readonly Role[], data: string): string[] {
  const flags = ["--allow-net", "--allow-env", "--allow-sys", "--allow-read"];
  // libcrypto signs DKIM off the main thread; the embedded ClickHouse engine is a native library.
  if (roles.includes("delivery") || roles.includes("loader")) flags.push("--allow-ffi");
  if (roles.includes("loader")) flags.push(`--allow-write=${data}`);
  return flags;
}

/** Reads roles from the command line. @throws {UsageError} that lists the known ones. */
export function parseRoles(names: readonly string[]): Role[] {
  return names.map((name) => {
    const role = ROLES.find((r) => r === name);
    if (role === undefined) {
      throw new UsageError(`unknown role "${name}": the roles are ${ROLES.join(", ")}`);
    }
    return role;
  });
}
