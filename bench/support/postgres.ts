/** A PostgreSQL server of one's own, thrown away afterwards, and a psql session that times queries. */
import { find, requireTools } from "./tools.ts";

const BIN = "/usr/lib/postgresql/15/bin";

/** As a careful operator would set a machine of 8 GB and two cores. */
const SETTINGS = {
  shared_buffers: "2GB",
  effective_cache_size: "6GB",
  work_mem: "256MB",
  maintenance_work_mem: "1GB",
  max_parallel_workers_per_gather: "2",
  random_page_cost: "1.1",
  max_wal_size: "8GB",
  // Loading is not measured.
  fsync: "off",
  synchronous_commit: "off",
};

export interface Postgres extends AsyncDisposable {
  /** Runs statements; `input`: what a COPY FROM STDIN takes. */
  run(sql: string, input?: AsyncIterable<Uint8Array>): Promise<string>;
  /** A session that stays open. */
  session(): Session;
}

export interface Session {
  /** ms, as psql measures them: the answer has arrived whole. */
  time(sql: string): Promise<number>;
  close(): Promise<void>;
}

export async function startPostgres(): Promise<Postgres> {
  await requireTools({ psql: "postgresql-client-15", [`${BIN}/initdb`.slice(1)]: "postgresql-15" });
  const directory = await Deno.makeTempDir({ prefix: "chappe-bench-postgres-" });
  // It does not run as root.
  const su = Deno.uid() === 0 ? [(await find("runuser"))!, "-u", "postgres", "--"] : [];
  if (su.length > 0) await output(["chown", "-R", "postgres", directory]);
  const data = `${directory}/data`;
  await output([...su, `${BIN}/initdb`, "-D", data, "-U", "bench", "--auth=trust", "-E", "UTF8"]);
  const options = Object.entries({ ...SETTINGS, listen_addresses: "''" })
    .flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  await output([
    ...su,
    `${BIN}/pg_ctl`,
    "-D",
    data,
    "-w",
    "-l",
    `${directory}/log`,
    "-o",
    `-k ${directory} ${options.join(" ")}`,
    "start",
  ]);
  const psql = [
    "psql",
    "-X",
    "-h",
    directory,
    "-U",
    "bench",
    "-d",
    "postgres",
    "-v",
    "ON_ERROR_STOP=1",
  ];
  return {
    run: (sql, input) => output([...psql, "-At", "-c", sql], input),
    session: () => openSession(psql),
    async [Symbol.asyncDispose]() {
      await output([...su, `${BIN}/pg_ctl`, "-D", data, "-m", "immediate", "stop"]);
      await Deno.remove(directory, { recursive: true });
    },
  };
}

function openSession([program, ...args]: string[]): Session {
  const child = new Deno.Command(program!, {
    args: [...args, "-q"],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = child.stdin.getWriter();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const write = (text: string) => input.write(new TextEncoder().encode(text));
  let pending = "";
  const ready = write("\\timing on\n\\o /dev/null\n");
  return {
    async time(sql) {
      await ready;
      await write(`${sql.replaceAll(/\s+/g, " ")};\n`);
      while (true) {
        const found = /Time: ([\d.]+) ms[^\n]*\n/.exec(pending);
        if (found !== null) {
          pending = pending.slice(found.index + found[0].length);
          return Number(found[1]);
        }
        const { value, done } = await lines.read();
        if (done) throw new Error(`psql ended at: ${sql}`);
        pending += value;
      }
    },
    async close() {
      await input.close();
      await child.status;
      await lines.cancel();
    },
  };
}

async function output(command: string[], input?: AsyncIterable<Uint8Array>): Promise<string> {
  const child = new Deno.Command(command[0]!, {
    args: command.slice(1),
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
    cwd: "/",
  }).spawn();
  const fed = input === undefined ? undefined : ReadableStream.from(input).pipeTo(child.stdin);
  const [result] = await Promise.all([child.output(), fed]);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!result.success) throw new Error(`${command.join(" ")}: ${text(result.stderr)}`);
  return text(result.stdout).trim();
}
