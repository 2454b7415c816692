/** The edge's processes of a platform, without the rest of it, on a log that is there. */
import { denoFlags, processesOn } from "../../main/roles.ts";
import { EDGE_SPILL } from "../../main/places.ts";
import { provision } from "../../main/provision.ts";
import { openStation } from "../../main/station.ts";
import { readConfig, SILENT } from "@chappe/src/runtime";
import { createVault, readSettings } from "@chappe/src/settings";
import type { EventLog } from "@chappe/src/log";
import type { SigningKey } from "@chappe/src/rules";
import { freePort } from "./platform.ts";

const main = new URL("../../main.ts", import.meta.url).pathname;

export interface Edges extends AsyncDisposable {
  readonly port: number;
  readonly pids: readonly number[];
  /** Where hits wait for the log. */
  readonly spill: string;
  /** The key that signs what these edges verify. */
  signingKey(events: EventLog): Promise<SigningKey>;
  /** As keys stand in the log. */
  seal(secret: Uint8Array): string;
  /** Kills all of them with SIGKILL. */
  kill(): Promise<void>;
  /** Starts them again, on the same port and folder. */
  start(): Promise<void>;
}

/** Resolves when all are ready. */
export async function startEdges(
  natsUrl: string,
  env: Record<string, string> = {},
): Promise<Edges> {
  const port = freePort();
  const data = await Deno.makeTempDir({ prefix: "chappe-edges-" });
  const masterKey = crypto.getRandomValues(new Uint8Array(32));
  let children: Deno.ChildProcess[] = [];

  async function start(): Promise<void> {
    const processes = processesOn(Deno.build.os).filter((roles) => roles.includes("edge"));
    children = processes.map((roles) =>
      new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", ...denoFlags(roles, data), main, "--supervised", ...roles],
        env: {
          CHAPPE_DATA: data,
          CHAPPE_NATS_URL: natsUrl,
          CHAPPE_MASTER_KEY: masterKey.toHex(),
          CHAPPE_EDGE_LISTEN: `127.0.0.1:${port}`,
          ...env,
        },
        stdin: "piped",
        stdout: "piped",
      }).spawn()
    );
    await Promise.all(children.map(ready));
  }

  /** Puts the platform's keys into the log, as its supervisor does before it starts anybody. */
  async function prepare(): Promise<void> {
    const config = readConfig({ CHAPPE_NATS_URL: natsUrl }, () => "");
    const station = await openStation(config, natsUrl, SILENT);
    await provision(station.events, config, createVault(masterKey));
    await station.close();
  }

  async function end(signal: Deno.Signal): Promise<void> {
    for (const child of children) child.kill(signal);
    await Promise.all(children.map((child) => child.status));
    children = [];
  }

  await prepare();
  await start();
  return {
    port,
    get pids() {
      return children.map(({ pid }) => pid);
    },
    spill: `${data}/${EDGE_SPILL}`,
    async signingKey(events) {
      const key = [...(await readSettings(events)).state.tokenKeys.values()].at(-1)!;
      return { kid: key.kid, secret: createVault(masterKey).unseal(key.secret) };
    },
    seal: (secret) => createVault(masterKey).seal(secret),
    kill: () => end("SIGKILL"),
    start,
    async [Symbol.asyncDispose]() {
      await end("SIGTERM");
      await Deno.remove(data, { recursive: true });
    },
  };
}

async function ready({ stdout }: Deno.ChildProcess): Promise<void> {
  const [watched, rest] = stdout.tee();
  rest.pipeTo(new WritableStream());
  let text = "";
  for await (const chunk of watched.pipeThrough(new TextDecoderStream())) {
    if ((text += chunk).includes('"event":"ready"')) return;
  }
  throw new Error(`the edge did not start: ${text}`);
}
