/** A whole platform as a user starts it, in processes of its own, on free ports and a folder of its own. */
import { makeCertificate } from "@chappe/src/runtime";

const root = new URL("../../", import.meta.url).pathname;

export interface Platform {
  readonly data: string;
  readonly submission: { hostname: string; port: number };
  readonly inbound: { hostname: string; port: number };
  /** Base URLs without a slash at the end. */
  readonly console: string;
  readonly edge: string;
  /** Everything it printed so far. */
  readonly output: string;
  readonly pid: number;
  /** Pid of the embedded nats-server. */
  natsPid(): Promise<number>;
  /** Runs an operator's command and gives what it printed. Throws when it fails. */
  chappe(...args: string[]): Promise<string>;
  /** GET on the API with the demo key. */
  api(path: string): Promise<Response>;
  /** Kills the platform with SIGKILL and waits until its processes have let go. */
  kill(): Promise<void>;
  /** SIGTERM; the folder stays, for another start with `data`. */
  stop(): Promise<{ code: number }>;
  /** Stops it when it runs, and removes its folder. */
  remove(): Promise<void>;
}

/** Resolves when the platform says that it is up. Throws with its output when it does not come up. */
export async function startPlatform(
  env: Record<string, string> = {},
  /** An earlier platform, stopped or killed: starts again on its folder and ports. */
  like?: Platform,
): Promise<Platform> {
  const data = like?.data ?? await Deno.makeTempDir({ prefix: "chappe-test-" });
  const submission = like?.submission ?? { hostname: "127.0.0.1", port: freePort() };
  const inbound = like?.inbound ?? { hostname: "127.0.0.1", port: freePort() };
  const edge = like?.edge ?? `http://127.0.0.1:${freePort()}`;
  const console = like?.console ?? `http://127.0.0.1:${freePort()}`;
  const outside = env["CHAPPE_DELIVERY"] !== undefined && env["CHAPPE_DELIVERY"] !== "sandbox";
  const variables: Record<string, string> = {
    CHAPPE_DATA: `${data}/data`,
    CHAPPE_SUBMISSION_LISTEN: `127.0.0.1:${submission.port}`,
    CHAPPE_INBOUND_LISTEN: `127.0.0.1:${inbound.port}`,
    CHAPPE_EDGE_LISTEN: edge.slice("http://".length),
    CHAPPE_CONSOLE_LISTEN: console.slice("http://".length),
    ...outside ? await secretsFor(data) : {},
    ...env,
  };
  const command = (script: string, args: string[]) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", `${root}${script}`, ...args],
      env: variables,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });

  const child = command("main.ts", []).spawn();
  let output = "";
  const up = Promise.withResolvers<void>();
  const drain = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      output = (output + text).slice(-200_000);
      if (output.includes('"event":"platform-ready"')) up.resolve();
    }
  };
  const drained = Promise.all([drain(child.stdout), drain(child.stderr)]);
  let running = true;
  const ended = child.status.then(async (status) => {
    running = false;
    await drained;
    up.reject(new Error(`the platform ended with code ${status.code}:\n${output}`));
    return status;
  });
  up.promise.catch(() => {});
  await up.promise;

  const platform: Platform = {
    data,
    submission,
    inbound,
    console,
    edge,
    get output() {
      return output;
    },
    pid: child.pid,
    natsPid: async () => Number(await Deno.readTextFile(`${data}/data/nats/nats-server.pid`)),
    async chappe(...args) {
      const { code, stdout, stderr } = await command("main/chappe.ts", args).output();
      const text = new TextDecoder().decode(stdout);
      if (code !== 0) throw new Error(text + new TextDecoder().decode(stderr));
      return text;
    },
    api: (path) =>
      fetch(`${console}/api/v1${path}`, { headers: { authorization: "Bearer demo-key" } }),
    async kill() {
      if (running) child.kill("SIGKILL");
      await ended;
    },
    async stop() {
      if (running) child.kill("SIGTERM");
      return await ended;
    },
    async remove() {
      await platform.stop();
      await Deno.remove(data, { recursive: true });
    },
  };
  return platform;
}

/**
 * A port that was free a moment ago, below those that systems give to outgoing connections and to
 * listeners that ask for any: nobody is handed it before it is used.
 */
export function freePort(): number {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 20_000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}

/** What a platform outside the sandbox must be given. */
async function secretsFor(folder: string): Promise<Record<string, string>> {
  const files = { CHAPPE_TLS_CERT: `${folder}/tls.crt`, CHAPPE_TLS_KEY: `${folder}/tls.key` };
  const master = `${folder}/master.key`;
  if (!await Deno.stat(master).then(() => true, () => false)) {
    const made = await makeCertificate({ names: ["localhost"], now: Date.now(), days: 30 });
    await Deno.writeTextFile(files.CHAPPE_TLS_CERT, made.cert);
    await Deno.writeTextFile(files.CHAPPE_TLS_KEY, made.key);
    const key = crypto.getRandomValues(new Uint8Array(32));
    await Deno.writeTextFile(master, key.toHex());
  }
  return { ...files, CHAPPE_MASTER_KEY_FILE: master };
}

/** What the API answers to a GET with the demo key. Throws when it refuses. */
export async function json<T>(platform: Platform, path: string): Promise<T> {
  const response = await platform.api(path);
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
  return await response.json() as T;
}

/**
 * Resolves when all that the log holds now stands in ClickHouse, in every table: an event shows in that
 * of events a moment before it does in those that follow.
 */
export async function loaded(platform: Platform): Promise<void> {
  const figure = async (name: string) => {
    const text = await (await fetch(`${platform.console}/metrics`)).text();
    const [, value] = new RegExp(`^${name} (\\d+)$`, "m").exec(text) ?? [];
    return value === undefined ? undefined : Number(value);
  };
  const last = await eventually(
    "the log's last commit",
    () => figure('chappe_log_last_seq\\{stream="EVENTS"\\}'),
  );
  await eventually(
    `commit ${last} is loaded`,
    async () => (await figure("chappe_loader_position(?:\\{[^}]*\\})?") ?? 0) >= last,
    60_000,
  );
}

/** Asks again and again until `check` gives something, for at most `limitMs`. */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | null | undefined | false>,
  limitMs = 30_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const found = await check();
      if (found) return found;
      last = found;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what}: not within ${limitMs} ms; last: ${last}`);
}
