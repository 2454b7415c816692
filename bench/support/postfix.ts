/** A Postfix of our own as a relay: its shipped settings (fsync included), one next hop. Needs root. */
import { noPostfix, type Postfix, startPostfix as start } from "../../test/support/postfix.ts";

export async function startPostfix(nextHop: number): Promise<Postfix> {
  const missing = await noPostfix();
  if (missing !== null) {
    console.error(`${missing}: this bench needs it`);
    Deno.exit(2);
  }
  return await start([
    "myhostname = relay.example.com",
    "mynetworks = 127.0.0.0/8",
    `relayhost = [127.0.0.1]:${nextHop}`,
    "smtpd_relay_restrictions = permit_mynetworks, reject",
    "default_process_limit = 200",
    "smtpd_client_connection_count_limit = 0",
  ]);
}
