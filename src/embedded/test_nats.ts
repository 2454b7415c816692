/** For tests: a nats-server of one's own in a throw-away directory. */
import { type NatsOptions, type NatsServer, startNats } from "./nats.ts";
import { findNats } from "./nats_binary.ts";

export interface TestNats {
  readonly url: string;
  readonly pid: number;
  /** Kills it as a power cut would (`kill -9`); resolves when it is gone. */
  kill(): Promise<void>;
  /** Stops it cleanly. */
  stop(): Promise<void>;
  /** Starts it again on the same store and at the same URL. */
  restart(): Promise<void>;
  /** Stops it and removes its directory. */
  [Symbol.asyncDispose](): Promise<void>;
}

let binary: Promise<string> | undefined;

/** The binary that tests use: found as the platform finds it, in the user's own cache. */
export function testNatsBinary(): Promise<string> {
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`;
  return binary ??= findNats({
    path: Deno.env.get("PATH") ?? "",
    cacheDir: `${cache}/chappe`,
    progress: (line) => Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`)),
  });
}

/** `await using nats = await startTestNats()`. */
export async function startTestNats(
  options: Partial<Omit<NatsOptions, "binary" | "dataDir">> = {},
): Promise<TestNats> {
  const found = await testNatsBinary();
  const dataDir = await Deno.makeTempDir({ prefix: "chappe-nats-" });
  const start = (more: Partial<NatsOptions> = {}) =>
    startNats({ binary: found, dataDir, ...options, ...more });
  let server: NatsServer = await start();
  const { port, password } = server;
  return {
    url: server.url,
    get pid() {
      return server.pid;
    },
    async kill() {
      Deno.kill(server.pid, "SIGKILL");
      await server.exited;
    },
    stop: () => server.stop(),
    async restart() {
      server = await start({ port, password });
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await Deno.remove(dataDir, { recursive: true });
    },
  };
}

/** Runs `fn` with a throw-away server. */
export async function withNats<T>(fn: (nats: TestNats) => Promise<T>): Promise<T> {
  await using nats = await startTestNats();
  return await fn(nats);
}
