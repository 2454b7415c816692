/**
 * A Postfix that receives as servers in the world do: it has some users and refuses others, puts
 * aside first attempts (greylisting), and takes mail that it then cannot deliver, of which it tells
 * the return path by a notification (RFC 3464).
 */
import { type Postfix, startPostfix } from "./postfix.ts";

const DOMAIN = "remote.example";

/** What each user's mail comes to: the transport that acts it out. */
const USERS: Readonly<Record<string, string>> = {
  good: "discard:",
  grey: "discard:",
  gone: "gone:",
  full: "full:",
  slow: "slow:",
};

/** Deliveries by commands that fail (pipe(8)): their codes are those of sysexits.h. */
const FAILING = [
  ["gone", "echo 5.1.1 The mailbox was closed yesterday; exit 67"],
  ["full", "echo 5.2.2 The mailbox is full; exit 69"],
  ["slow", "echo 4.2.0 The mailbox cannot be reached now; exit 75"],
].map(([name, script]) =>
  `${name} unix - n n - - pipe flags=R user=nobody argv=/bin/sh -c {${script}}`
);

export interface ReceivingPostfix extends Postfix {
  readonly domain: string;
}

/** @param returns where mail to `returnDomain` goes */
export async function startReceivingPostfix(
  { returns, returnDomain }: { returns: number; returnDomain: string },
): Promise<ReceivingPostfix> {
  const greylist = startGreylist();
  const users = Object.keys(USERS).map((user) => `${user}@${DOMAIN} x\n`).join("");
  const transports = Object.entries(USERS).map(([user, way]) => `${user}@${DOMAIN} ${way}\n`);
  transports.push(`${returnDomain} smtp:[127.0.0.1]:${returns}\n`);
  const postfix = await startPostfix(
    [
      `myhostname = mx.${DOMAIN}`,
      "mynetworks =",
      `relay_domains = ${DOMAIN}`,
      "relay_recipient_maps = texthash:{base}/etc/users",
      "transport_maps = texthash:{base}/etc/transports",
      "smtpd_relay_restrictions = reject_unauth_destination",
      `smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:${greylist.port}`,
      // What cannot be reached is warned about at once, and given up soon.
      "delay_warning_time = 1s",
      "queue_run_delay = 2s",
      "minimal_backoff_time = 2s",
      "maximal_backoff_time = 2s",
      "maximal_queue_lifetime = 8s",
    ],
    { users, transports: transports.join("") },
    FAILING,
  );
  return {
    ...postfix,
    domain: DOMAIN,
    async close() {
      await postfix.close();
      greylist.close();
    },
  };
}

/** A policy server (Postfix SMTPD_POLICY_README) that puts aside the first attempt for `grey`. */
function startGreylist(): { port: number; close(): void } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const seen = new Set<string>();

  function answer(request: string): string {
    const field = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(request)?.[1] ?? "";
    const recipient = field("recipient");
    const attempt = `${field("sender")} ${recipient}`;
    if (!recipient.startsWith("grey@") || seen.has(attempt)) return "action=DUNNO\n\n";
    seen.add(attempt);
    return "action=450 4.2.0 Greylisted, try again in a moment\n\n";
  }

  async function serve(connection: Deno.Conn): Promise<void> {
    const writer = connection.writable.getWriter();
    let unread = "";
    try {
      for await (const text of connection.readable.pipeThrough(new TextDecoderStream())) {
        const requests = (unread + text).split("\n\n");
        unread = requests.pop()!;
        for (const request of requests) {
          await writer.write(new TextEncoder().encode(answer(request)));
        }
      }
    } catch {
      // Postfix ends its processes without a word.
    }
  }
  (async () => {
    for await (const connection of listener) serve(connection);
  })();
  return { port: listener.addr.port, close: () => listener.close() };
}
