/** A Postfix of our own: its shipped settings (fsync included), own folders, one next hop. Needs root. */
import { freePort } from "../../test/support/platform.ts";
import { find } from "./tools.ts";

export async function startPostfix(nextHop: number): Promise<
  { port: number; close(): Promise<void> }
> {
  if (Deno.uid() !== 0) {
    console.error("Postfix's master runs as root only: run this bench as root");
    Deno.exit(2);
  }
  const port = freePort();
  const base = await Deno.makeTempDir({ prefix: "chappe-postfix-" });
  await Deno.chmod(base, 0o755);
  for (const folder of ["etc", "spool", "data"]) await Deno.mkdir(`${base}/${folder}`);
  await run("chown", "postfix", `${base}/data`);
  await Deno.writeTextFile(
    `${base}/etc/main.cf`,
    [
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
      "myhostname = relay.example.com",
      "mynetworks = 127.0.0.0/8",
      `relayhost = [127.0.0.1]:${nextHop}`,
      "smtpd_relay_restrictions = permit_mynetworks, reject",
      `maillog_file = ${base}/log`,
      `maillog_file_prefixes = ${base}`,
      "default_process_limit = 200",
      "smtpd_client_connection_count_limit = 0",
      "",
    ].join("\n"),
  );
  const master = await Deno.readTextFile("/usr/share/postfix/master.cf.dist");
  await Deno.writeTextFile(
    `${base}/etc/master.cf`,
    master
      .replace(/^smtp +inet .*$/m, `${port} inet n - n - - smtpd`)
      .replace(/^(\S+ +\S+ +\S+ +\S+ +)y/gm, "$1n"),
  );
  const postfix = (await find("postfix"))!;
  await run(postfix, "-c", `${base}/etc`, "start");
  return {
    port,
    async close() {
      await run(postfix, "-c", `${base}/etc`, "stop");
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
