/** A Postfix of our own from the distribution: own folders, a free port on loopback. Needs root. */
import { freePort } from "./platform.ts";

export interface Postfix {
  readonly port: number;
  /** What it logged so far. */
  log(): Promise<string>;
  close(): Promise<void>;
}

/** Why a Postfix cannot be started here; null when it can. */
export async function noPostfix(): Promise<string | null> {
  if (Deno.uid() !== 0) return "Postfix's master runs as root only";
  const installed = await Deno.stat("/usr/sbin/postfix").then((s) => s.isFile, () => false);
  return installed ? null : "Postfix is not installed (apt-get install postfix)";
}

/**
 * Starts one with its shipped settings, fsync included, and those given on top.
 * @param settings lines of main.cf; `{base}` stands for its folder
 * @param files further files in its `etc`, by name
 * @param services further lines of master.cf
 */
export async function startPostfix(
  settings: readonly string[],
  files: Readonly<Record<string, string>> = {},
  services: readonly string[] = [],
): Promise<Postfix> {
  const port = freePort();
  const base = await Deno.makeTempDir({ prefix: "chappe-postfix-" });
  await Deno.chmod(base, 0o755);
  for (const folder of ["etc", "spool", "data"]) await Deno.mkdir(`${base}/${folder}`);
  await run("chown", "postfix", `${base}/data`);
  const own = [
    "compatibility_level = 3.6",
    `queue_directory = ${base}/spool`,
    `data_directory = ${base}/data`,
    "command_directory = /usr/sbin",
    "daemon_directory = /usr/lib/postfix/sbin",
    "mail_owner = postfix",
    "setgid_group = postdrop",
    "inet_interfaces = 127.0.0.1",
    "inet_protocols = ipv4",
    "mydestination =",
    `maillog_file = ${base}/log`,
    `maillog_file_prefixes = ${base}`,
  ];
  const main = [...own, ...settings].join("\n").replaceAll("{base}", base);
  await Deno.writeTextFile(`${base}/etc/main.cf`, `${main}\n`);
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${base}/etc/${name}`, text);
  }
  const master = await Deno.readTextFile("/usr/share/postfix/master.cf.dist");
  await Deno.writeTextFile(
    `${base}/etc/master.cf`,
    [master, ...services, ""].join("\n")
      .replace(/^smtp +inet .*$/m, `${port} inet n - n - - smtpd`)
      .replace(/^(\S+ +\S+ +\S+ +\S+ +)y/gm, "$1n"),
  );
  await run("/usr/sbin/postfix", "-c", `${base}/etc`, "start");
  return {
    port,
    log: () => Deno.readTextFile(`${base}/log`),
    async close() {
      await run("/usr/sbin/postfix", "-c", `${base}/etc`, "stop");
      await Deno.remove(base, { recursive: true });
    },
  };
}

async function run(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, {
    args,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`${program}: ${new TextDecoder().decode(stderr)}`);
}
