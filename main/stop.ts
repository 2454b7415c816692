/** Being asked to stop. */

/** Resolves at the first SIGTERM or SIGINT. */
export function stopRequested(): Promise<void> {
  return new Promise<void>((resolve) => {
    Deno.addSignalListener("SIGTERM", () => resolve());
    Deno.addSignalListener("SIGINT", () => resolve());
  });
}
