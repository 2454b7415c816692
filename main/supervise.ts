/** A whole platform on one machine: the embedded log, the platform's own secrets, one process per role group. */
import { createVault, parseMasterKey } from "@chappe/src/settings";
import { openDataDir } from "@chappe/src/embedded";
import { type Config, createLogger, makeCertificate, messageOf } from "@chappe/src/runtime";
import { type Child, startChild } from "./child.ts";
import { openLogServer } from "./embedded_log.ts";
import { provision } from "./provision.ts";
import { denoFlags, processesOn } from "./roles.ts";
import { MASTER_KEY, TLS_PEM } from "./places.ts";
import { banner } from "./banner.ts";
import { listening } from "./start/listening.ts";
import { openStation } from "./station.ts";
import { stopRequested } from "./stop.ts";

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
  stop: Promise<void> = stopRequested(),
): Promise<void> {
  const logger = createLogger(print, Date.now, { process: "supervisor" });
  const data = await openDataDir(config.data);
  const undo: (() => Promise<void> | void)[] = [() => data.close()];
  try {
    const log = await openLogServer(config, env, data, logger);
    undo.push(() => log.stop());
    const masterKey = config.masterKey === null
      ? await data.secret(MASTER_KEY, () => crypto.getRandomValues(new Uint8Array(32)))
      : parseMasterKey(config.masterKey);
    if (config.tls === null) {
      const names = [config.hostname, "localhost", "127.0.0.1"] as const;
      const { cert, key } = await makeCertificate({ names, now: Date.now(), days: 3650 });
      await data.secret(TLS_PEM, () => new TextEncoder().encode(`${key}\n${cert}\n`));
    }

    const station = await openStation(config, log.url, logger);
    await provision(station.events, config, createVault(masterKey));
    await station.close();

    // Its processes share the port, and would share it with another platform too: nobody may be there.
    await listening(
      "CHAPPE_EDGE_LISTEN",
      config.edge,
      async () => Deno.listen(config.edge).close(),
    );
    const children = processesOn(Deno.build.os).map((roles): Child =>
      startChild({
        name: roles.join("+"),
        args: [
          "run",
          "--quiet",
          ...denoFlags(roles, data.path),
          new URL("../main.ts", import.meta.url).pathname,
          "--supervised",
          ...roles,
        ],
        env: { ...environmentFor(env), CHAPPE_DATA: data.path, CHAPPE_NATS_URL: log.url },
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

/** The variables a child process needs: ours, and where tools and caches are. */
function environmentFor(env: Readonly<Record<string, string>>): Record<string, string> {
  const keep = /^(CHAPPE_(?!NATS_URL).*|PATH|HOME|TMPDIR|DENO_DIR|LANG|TZ|NO_COLOR)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => keep.test(name)));
}
