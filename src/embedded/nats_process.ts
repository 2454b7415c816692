/** The server's process: it outlives Ctrl-C on the platform (to be drained) but not the platform. */

/**
 * A pipe from us is the leash: when we are gone, however that came, its end is read and the server
 * is stopped. `$1` is the binary, `$2` its configuration file. Its garbage is collected before it
 * fills the machine: what it holds itself is far less than what a flood of messages leaves behind.
 */
const LEASH = `
exec 3<&0
GOMEMLIMIT=\${GOMEMLIMIT:-340MiB} "$1" -c "$2" </dev/null 3<&- &
server=$!
{ read -r _ <&3; kill -TERM $server; } 2>/dev/null &
leash=$!
exec 3<&-
trap '' INT HUP
wait $server
code=$?
kill $leash 2>/dev/null
exit $code
`;

export interface LeashedProcess {
  /** Resolves when the server is gone. */
  readonly exited: Promise<Deno.CommandStatus>;
  /** What it wrote to its standard error: only complaints from before its log file is open. */
  readonly complaint: Promise<string>;
  /** Asks the server to stop, as our own end would. */
  release(): Promise<void>;
}

export function spawnLeashed(binary: string, config: string): LeashedProcess {
  const child = new Deno.Command("/bin/sh", {
    args: ["-c", LEASH, "sh", binary, config],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
    detached: true,
  }).spawn();
  let released: Promise<void> | undefined;
  const release = () => released ??= child.stdin.close().catch(() => {});
  const complaint = child.stderr.text().catch(() => "");
  const exited = child.status.then(async (status) => {
    await release();
    return status;
  });
  return { exited, complaint, release };
}
