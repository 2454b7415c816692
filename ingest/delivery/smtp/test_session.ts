/** For tests: how sessions are held, with whom, and a mail to send. */
import { type Endpoint, type Mail, TIMEOUTS } from "./mod.ts";

export const MANNER = {
  hostname: "client.test",
  startTls: true,
  timeouts: TIMEOUTS,
  signal: new AbortController().signal,
};

export const at = (port: number): Endpoint => ({
  host: "mx.test",
  address: "127.0.0.1",
  port,
  source: null,
});

export const mail = (over: Partial<Mail> = {}): Mail => ({
  sender: "s@a.test",
  recipient: "r@b.test",
  data: new TextEncoder().encode("Subject: x\r\n\r\n.dot\r\n"),
  smtpUtf8: false,
  ...over,
});
