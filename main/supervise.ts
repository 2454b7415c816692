/** A whole platform on one machine: the embedded log, the platform's own secrets, one process per role group. */
import { createVault, parseMasterKey } from "@chappe/src/settings";
import { findNats, type NatsServer, openDataDir, startNats } from "@chappe/src/embedded";
import { connectStation } from "@chappe/src/log";
import { type Config, createLogger, makeCertificate, messageOf } from "@chappe/src/runtime";
import { type Child, startChild } from "./child.ts";
import { provision } from "./provision.ts";
import { permissionsFor, PROCESSES } from "./roles.ts";
import { MASTER_KEY, NATS_URL_FILE, natsCache, TLS_CERT, TLS_KEY } from "./places.ts";
import { banner } from "./banner.ts";

/** How long the processes get to finish what they hold, ms. */
const DRAIN = 25_000;

/**
 * Starts everything, prints where it listens, and resolves when asked to stop (SIGTERM, SIGINT) and
 * all is stopped.
 */
export async function supervise(
  config: Config,
  env: Readonly<Record<string, string>>,
  print: (line: string) => void,
): Promise<void> {
  const logger = createLogger(print, Date.now, { process: "supervisor" });
  const progress = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
  const stop = stopRequested();
  const data = await openDataDir(config.data);
  const undo: (() => Promise<void> | void)[] = [() => data.close()];
  try {
    let natsUrl = config.natsUrl;
    if (natsUrl === null) {
      const binary = await findNats({
        cacheDir: natsCache(env),
        path: env["PATH"] ?? "",
        progress,
      });
      const nats = await keepNats(binary, data.file("nats"), config, logger.error);
      undo.push(nats.stop);
      natsUrl = nats.url;
      await Deno.writeTextFile(data.file(NATS_URL_FILE), natsUrl, { mode: 0o600 });
    }
    const masterKey = config.masterKey === null
      ? await data.secret(MASTER_KEY, () => crypto.getRandomValues(new Uint8Array(32)))
      : parseMasterKey(config.masterKey);
    if (config.tls === null) {
      const names = [config.hostname, "localhost", "127.0.0.1"];
      const made = await makeCertificate({ names, now: Date.now(), days: 3650 });
      await data.secret(TLS_CERT, () => new TextEncoder().encode(made.cert));
      await data.secret(TLS_KEY, () => new TextEncoder().encode(made.key));
    }

    const station = await connectStation({
      url: natsUrl,
      replicas: config.natsReplicas,
      maxBytes: config.logMaxBytes,
      now: Date.now,
      logger,
    });
    await provision(station.events, config, createVault(masterKey));
    await station.close();

    const children = PROCESSES.map((roles): Child =>
      startChild({
        name: roles.join("+"),
        args: [
          "run",
          "--quiet",
          "--cached-only",
          ...permissionsFor(roles, data.path),
          new URL("../main.ts", import.meta.url).pathname,
          "--supervised",
          ...roles,
        ],
        env: { ...environmentFor(env), CHAPPE_DATA: data.path, CHAPPE_NATS_URL: natsUrl! },
        write: print,
        logger,
      })
    );
    undo.push(() => Promise.all(children.map((c) => c.stop(DRAIN))).then(() => {}));
    const ready = Promise.all(children.map((c) => c.ready));
    if (await Promise.race([ready, stop]) !== undefined) {
      print(banner(config));
      logger.info("platform-ready");
    }
    await stop;
    logger.info("stopping");
  } finally {
    for (const step of undo.reverse()) {
      await Promise.resolve(step()).catch((e) => logger.error("stop", { error: messageOf(e) }));
    }
  }
}

/** The embedded server, started again at the same place when it dies while nobody asked it to. */
async function keepNats(
  binary: string,
  dataDir: string,
  config: Config,
  error: (event: string, fields: Record<string, string>) => void,
): Promise<{ url: string; stop(): Promise<void> }> {
  let stopping = false;
  const options = { binary, dataDir, maxStoreBytes: config.logMaxBytes * 2 };
  let server: NatsServer = await startNats(options);
  const { url, port, password } = server;
  const watch = async () => {
    while (!stopping) {
      await server.exited;
      if (stopping) return;
      error("nats-server-died", { action: "starting it again" });
      try {
        server = await startNats({ ...options, port, password });
      } catch (cause) {
        error("nats-server-restart", { error: messageOf(cause) });
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

/** The variables a child process needs: ours, and where tools and caches are. */
function environmentFor(env: Readonly<Record<string, string>>): Record<string, string> {
  const keep = /^(CHAPPE_.*|PATH|HOME|TMPDIR|DENO_DIR|LANG|TZ|NO_COLOR)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => keep.test(name)));
}

/** Resolves at the first SIGTERM or SIGINT. */
export function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    Deno.addSignalListener("SIGTERM", () => resolve());
    Deno.addSignalListener("SIGINT", () => resolve());
  });
}
