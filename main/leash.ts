/** For processes started by the supervisor: they end with it, however it ends. */

/**
 * Resolves at SIGTERM, which the supervisor sends. When the pipe on standard input closes the
 * supervisor is dead, and this process exits at once. Ctrl-C reaches the whole terminal group and is
 * left to the supervisor.
 */
export function untilParentGone(): Promise<void> {
  Deno.addSignalListener("SIGINT", () => {});
  (async () => {
    for await (const _ of Deno.stdin.readable) { /* nothing is ever written */ }
    Deno.exit(1);
  })();
  return new Promise<void>((resolve) => Deno.addSignalListener("SIGTERM", () => resolve()));
}
