/**
 * `chappe`: the operator's command line. It speaks to the running platform's log, so that what it
 * does is an event like all others.
 *
 * Exit codes: 0 done, 1 failed, 2 wrong use, 3 refused.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Station } from "@chappe/src/log";
import { messageOf, readConfig, SILENT } from "@chappe/src/runtime";
import {
  changeSettings,
  createAccount,
  digestApiKey,
  hashPassword,
  readSettings,
} from "@chappe/src/settings";
import { printLine, runToExit, UsageError } from "./exit.ts";
import { NATS_URL_FILE } from "./places.ts";
import { openStation } from "./station.ts";

const USAGE = `chappe: operator's commands

  chappe account create <id> --sender=<domain or address> [--sender=…] [--name=…] [--json]
      A new account with one SMTP login and one API key. Both are shown once.
  chappe account list [--json]

It finds the running platform through CHAPPE_DATA (default ./.chappe) or CHAPPE_NATS_URL.`;

type Printable = Record<string, unknown> | Record<string, unknown>[];

async function createAccountCommand(
  station: Station,
  id: string,
  options: { sender?: string[]; name?: string },
): Promise<Printable> {
  const password = randomText();
  const apiKey = randomText();
  const hash = await hashPassword(password, crypto.getRandomValues(new Uint8Array(16)));
  await changeSettings(
    station.events,
    (state) =>
      createAccount(state, {
        id,
        name: options.name ?? id,
        senders: options.sender ?? [],
        smtp: { login: id, hash },
        apiKey: { key: "first", name: "first", digest: digestApiKey(apiKey) },
        user: null,
      }),
    Date.now,
  );
  return { account: id, login: id, password, apiKey, senders: options.sender ?? [] };
}

async function listAccounts(station: Station): Promise<Printable> {
  const { state } = await readSettings(station.events);
  return [...state.accounts.values()].map(({ id, name }) => ({
    account: id,
    name,
    senders: [...(state.senders.get(id) ?? [])],
  }));
}

/** 24 random bytes in base64url. */
function randomText(): string {
  return crypto.getRandomValues(new Uint8Array(24)).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
}

async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseCommand(args);
  const [noun, verb, id, ...rest] = positionals;
  const command = `${noun} ${verb}`;
  const known = (command === "account create" && id !== undefined) ||
    (command === "account list" && id === undefined);
  if (!known || rest.length > 0) throw new UsageError(`that is not a command\n\n${USAGE}`);

  const station = await connect();
  try {
    const result = command === "account create"
      ? await createAccountCommand(station, id!, values)
      : await listAccounts(station);
    printLine(values.json ? JSON.stringify(result) : describe(result));
  } finally {
    await station.close();
  }
}

function parseCommand(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        sender: { type: "string", multiple: true },
        name: { type: "string" },
        json: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new UsageError(`${messageOf(error)}\n\n${USAGE}`);
  }
}

async function connect(): Promise<Station> {
  const config = readConfig(Deno.env.toObject(), Deno.readTextFileSync);
  const file = join(config.data, NATS_URL_FILE);
  const url = config.natsUrl ?? await Deno.readTextFile(file).catch(() => {
    throw new Error(
      `no running platform found: ${file} is not there. Start it, or set CHAPPE_DATA or CHAPPE_NATS_URL`,
    );
  });
  return await openStation(config, url, SILENT);
}

function describe(result: Printable): string {
  const items = Array.isArray(result) ? result : [result];
  return items
    .map((item) => Object.entries(item).map(([k, v]) => `${k.padEnd(9)} ${v}`).join("\n"))
    .join("\n\n");
}

await runToExit(() => run(Deno.args));
