/** The log's server: the one given by URL, or one of our own that is kept running. */
import { type DataDir, findNats, type NatsServer, startNats } from "@chappe/src/embedded";
import { type Config, type Logger, messageOf } from "@chappe/src/runtime";
import { NATS_URL_FILE, natsCache } from "./places.ts";

export interface LogServer {
  /** With its password: a secret. */
  readonly url: string;
  stop(): Promise<void>;
}

/** @throws EmbeddedError when no nats-server can be had; the message says how to get one. */
export async function openLogServer(
  config: Config,
  env: Readonly<Record<string, string>>,
  data: DataDir,
  logger: Logger,
): Promise<LogServer> {
  if (config.natsUrl !== null) return { url: config.natsUrl, stop: () => Promise.resolve() };
  const binary = await findNats({
    cacheDir: natsCache(env),
    path: env["PATH"] ?? "",
    progress: (text) => Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`)),
  });
  const server = await keepNats(
    binary,
    data.file("nats"),
    Math.ceil(config.storeBytes * 1.1),
    logger,
  );
  await Deno.writeTextFile(data.file(NATS_URL_FILE), server.url, { mode: 0o600 });
  return server;
}

/** Started again at the same place when it dies while nobody asked it to. */
async function keepNats(
  binary: string,
  dataDir: string,
  maxStoreBytes: number,
  logger: Logger,
): Promise<LogServer> {
  let stopping = false;
  let server: NatsServer = await startNats({ binary, dataDir, maxStoreBytes });
  const { url, port, password } = server;
  const watch = async () => {
    while (!stopping) {
      await server.exited;
      if (stopping) return;
      logger.error("nats-server-died", { action: "starting it again" });
      try {
        server = await startNats({ binary, dataDir, maxStoreBytes, port, password });
      } catch (error) {
        logger.error("nats-server-restart", { error: messageOf(error) });
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  };
  const watching = watch();
  return {
    url,
    async stop() {
      stopping = true;
      await server.stop();
      await watching;
    },
  };
}
