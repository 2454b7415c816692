/** Who a client is: by login, or by the network it comes from. */
import type { Logger, Metrics } from "@chappe/src/runtime";
import {
  type AccessLog,
  type Account,
  type LiveSettings,
  type PasswordVerifier,
  VerifierBusyError,
} from "@chappe/src/settings";
import type { SMTPServerAuthentication } from "smtp-server";
import {
  loginRefused,
  loginRequired,
  loginUnavailable,
  Refusal,
  tooManyLogins,
} from "../smtp/refusal.ts";
import type { Session } from "../smtp/session.ts";
import type { Guesses } from "./guesses.ts";

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
  verifier: Pick<PasswordVerifier, "verify">;
  guesses: Guesses;
  access: AccessLog;
  logger: Logger;
  metrics: Metrics;
}

/** Checks AUTH PLAIN and LOGIN; gives the login. @throws {Refusal} */
export async function logIn(
  auth: SMTPServerAuthentication,
  session: Session,
  { settings, verifier, guesses, access, logger, metrics }: Logins,
): Promise<string> {
  const login = auth.username ?? "";
  const ip = session.remoteAddress;
  const credential = settings.now.credentials.get(login);
  // To log in as one and act as another (RFC 4616 authzid) is not offered.
  const actsAsOther = auth.authzid !== undefined && !["", login].includes(auth.authzid);
  const check = async () =>
    await verifier.verify(auth.password ?? "", credential?.hash) && !actsAsOther;
  try {
    if (await guesses.guarded(login, ip, check) && credential !== undefined) {
      access.used(credential.account, "credential", login, ip);
      return login;
    }
  } catch (error) {
    if (!(error instanceof Refusal)) {
      if (!(error instanceof VerifierBusyError)) {
        logger.error("login-check-failed", { reason: String(error) });
      }
      throw loginUnavailable();
    }
    count("throttled");
    throw ++session.failedLogins >= MAX_FAILED_LOGINS ? tooManyLogins() : error;
  }
  logger.warn("login-refused", { ip, login: login.slice(0, 200) });
  count("wrong");
  throw ++session.failedLogins >= MAX_FAILED_LOGINS ? tooManyLogins() : loginRefused();

  function count(why: string): void {
    metrics.count("chappe_submission_logins_refused_total", "Logins refused at submission", 1, {
      why,
    });
  }
}
