/** Who a client is: by login, or by the network it comes from. */
import type { Logger, Metrics } from "@chappe/src/runtime";
import type { Account, LiveSettings, PasswordVerifier } from "@chappe/src/settings";
import type { SMTPServerAuthentication } from "smtp-server";
import { loginRefused, loginRequired, loginUnavailable, tooManyLogins } from "../smtp/refusal.ts";
import type { Session } from "../smtp/session.ts";

/** Wrong passwords before the connection is closed. */
const MAX_FAILED_LOGINS = 5;

export interface Client {
  readonly account: Account;
  /** `null` for a client of a trusted network. */
  readonly login: string | null;
}

/**
 * The client behind a session, looked up anew for each message: a login that was revoked since
 * counts no longer. @throws {Refusal}
 */
export function identify(
  session: { login: string | null; ip: string },
  settings: Pick<LiveSettings, "now">,
  trusted: (ip: string) => string | null,
): Client {
  const { accounts, credentials } = settings.now;
  const { login, ip } = session;
  const id = login === null ? trusted(ip) : credentials.get(login)?.account;
  const account = id == null ? undefined : accounts.get(id);
  if (account === undefined) throw loginRequired();
  return { account, login };
}

export interface Logins {
  settings: Pick<LiveSettings, "now">;
  verifier: PasswordVerifier;
  logger: Logger;
  metrics: Metrics;
}

/** Checks AUTH PLAIN and LOGIN; gives the login. @throws {Refusal} */
export async function logIn(
  auth: SMTPServerAuthentication,
  session: Session,
  { settings, verifier, logger, metrics }: Logins,
): Promise<string> {
  const login = auth.username ?? "";
  const credential = settings.now.credentials.get(login);
  const matches = await verifier.verify(auth.password ?? "", credential?.hash)
    .catch((error: unknown) => {
      logger.error("login-check-failed", { reason: String(error) });
      throw loginUnavailable();
    });
  // To log in as one and act as another (RFC 4616 authzid) is not offered.
  const actsAsOther = auth.authzid !== undefined && !["", login].includes(auth.authzid);
  if (matches && !actsAsOther) return login;

  logger.warn("login-refused", { ip: session.remoteAddress, login: login.slice(0, 200) });
  metrics.count("chappe_submission_logins_refused_total", "Logins refused at submission");
  throw ++session.failedLogins >= MAX_FAILED_LOGINS ? tooManyLogins() : loginRefused();
}
