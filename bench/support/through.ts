/** How fast mail passes through a relay: `smtp-source` → relay → sink. */

export interface Through {
  /** Messages a second, to the last that was answered 250. */
  accepted: number;
  /** To the last that arrived. */
  delivered: number;
}

/** @param file the message, with bare LF: smtp-source puts the CR in itself */
export async function through(
  relay: { port: number },
  sink: { received(): number },
  { file, sessions, messages }: { file: string; sessions: number; messages: number },
): Promise<Through> {
  const before = sink.received();
  const started = performance.now();
  const source = await new Deno.Command("smtp-source", {
    args: [
      ...["-F", file, "-s", `${sessions}`, "-m", `${messages}`],
      ...["-f", "news@example.com", "-t", "reader@example.net", `127.0.0.1:${relay.port}`],
    ],
    stderr: "piped",
  }).output();
  if (!source.success) throw new Error(new TextDecoder().decode(source.stderr));
  const accepted = performance.now();
  while (sink.received() - before < messages) {
    if (performance.now() - accepted > 120_000) {
      throw new Error(`only ${sink.received() - before} of ${messages} arrived`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const rate = (until: number) => messages / ((until - started) / 1000);
  return { accepted: rate(accepted), delivered: rate(performance.now()) };
}
