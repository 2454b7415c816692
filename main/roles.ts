/** The roles a process can play, and how one machine spreads them over processes. */

import { UsageError } from "./exit.ts";
import { EDGE_SPILL } from "./places.ts";

export const ROLES = ["submission", "inbound", "edge", "delivery", "loader", "console"] as const;
export type Role = typeof ROLES[number];

/**
 * Processes of a platform on one machine. Each has an event loop of its own, so that taking mail in,
 * answering recipients, sending and querying do not wait for each other. The edge is there twice,
 * on one port, where the system can spread connections: one answers while the other is started
 * again. The loader and the console share the embedded ClickHouse engine, which belongs to one
 * process.
 */
export function processesOn(os: typeof Deno.build.os): readonly (readonly Role[])[] {
  const edges: Role[][] = os === "linux" ? [["edge"], ["edge"]] : [["edge"]];
  return [["submission", "inbound"], ...edges, ["delivery"], ["loader", "console"]];
}

/**
 * Deno's flags for a process with these roles. `data` is the data directory. Sharing a port is what
 * `--unstable-net` is for.
 */
export function denoFlags(roles: readonly Role[], data: string): string[] {
  // Each request and message makes objects that live for a moment: with more room for the young they
  // die there instead of being copied. An edge's hits wait written out: with this much room, collecting
  // takes about 3 % of its work. A loader that catches up would take 50 MB more with twice the room.
  const most = roles.includes("edge") || roles.includes("loader") ? 16 : 32;
  const young = `--min-semi-space-size=16,--max-semi-space-size=${most}`;
  // The old are collected when they have doubled; while much is made, V8 would wait for four times as
  // many. A loader that catches up then takes 325 to 375 MB instead of 440, for 2 % more CPU time.
  const old = roles.includes("loader") ? ",--heap-growing-percent=100" : "";
  const flags = [
    `--v8-flags=${young}${old}`,
    "--unstable-net",
    "--allow-net",
    "--allow-env",
    "--allow-sys",
    "--allow-read",
  ];
  // libcrypto signs DKIM off the main thread; the embedded ClickHouse engine is a native library.
  if (roles.includes("delivery") || roles.includes("loader")) flags.push("--allow-ffi");
  if (roles.includes("loader")) flags.push(`--allow-write=${data}`);
  if (roles.includes("edge")) flags.push(`--allow-write=${data}/${EDGE_SPILL}`);
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
