/** A receiving server outside the platform: keeps note of every copy that it answered 250. */
import { SMTPServer } from "smtp-server";

export interface Receiver {
  readonly port: number;
  /** `X-Copy` header → when each arrival was answered, ms UTC. */
  readonly arrivals: Map<string, number[]>;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const arrivals = new Map<string, number[]>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    onData(stream, _session, done) {
      let text = "";
      stream.on("data", (chunk: Uint8Array) => text += new TextDecoder("latin1").decode(chunk));
      stream.on("end", () => {
        const copy = /^X-Copy: (.*)$/m.exec(text)?.[1]?.trim() ?? "?";
        arrivals.set(copy, [...(arrivals.get(copy) ?? []), Date.now()]);
        done(null, "kept");
      });
    },
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as { port: number };
  return {
    port,
    arrivals,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
