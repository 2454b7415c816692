/** For processes started by the supervisor: they end with it, however it ends. */

/**
 * Resolves at SIGTERM, which the supervisor sends. When the pipe on standard input closes the
 * supervisor is dead, and this process exits at once. Ctrl-C reaches the whole terminal group and is
 * left to the supervisor.
 * @param exit ends this process; without what `Deno.exit` does first, where that may take long
 */
export function untilParentGone(exit: (code: number) => never = Deno.exit): Promise<void> {
  Deno.addSignalListener("SIGINT", () => {});
  (async () => {
    for await (const _ of Deno.stdin.readable) { /* nothing is ever written */ }
    exit(1);
  })();
  return new Promise<void>((resolve) => Deno.addSignalListener("SIGTERM", () => resolve()));
}
