/** What the console needs from the rest of the platform. */
import type { Exports, Queries, Sql } from "@chappe/analytics";
import type { DnsClient } from "@chappe/src/dns";
import type { Installation } from "@chappe/src/domains";
import type { LiveSending } from "@chappe/src/follow";
import type { BodyStore, EventLog, Mailbox } from "@chappe/src/log";
import type { Consents } from "@chappe/src/recipients";
import type { Logger, Metrics } from "@chappe/src/runtime";
import type { AccessLog, KeyMaker, LiveSettings } from "@chappe/src/settings";
import type { Principal } from "./auth/principal.ts";
import type { Intake } from "./intake.ts";
import type { View } from "./web/view.ts";

export interface ConsoleDeps {
  readonly queries: Queries;
  /** Lists as grids, for files. */
  readonly exports: Exports;
  /** Queries that analysts write. */
  readonly sql: Sql;
  readonly settings: Pick<LiveSettings, "now" | "seq" | "unseal">;
  /** Source addresses, pools and measures. */
  readonly sending: Pick<LiveSending, "now" | "seq">;
  readonly events: EventLog;
  readonly access: AccessLog;
  /** Makes DKIM keys, and seals them. */
  readonly keys: KeyMaker;
  /** What the DNS records of customers' domains lead to. */
  readonly installation: Installation;
  /** Asks for those records; keeps no answers, so that a change is seen as soon as it is made. */
  readonly dns: DnsClient;
  /** Who has withdrawn consent to be tracked. */
  readonly consents: Consents;
  readonly bodies: Pick<BodyStore, "get">;
  /** Takes messages to be sent. */
  readonly intake: Intake;
  /** Field of a message that holds the sender's options as JSON, such as `X-EFIDEM-HEADERS`. */
  readonly optionsHeader: string;
  /** What the sandbox's receiving server took in; null outside the sandbox. */
  readonly mailbox: Mailbox | null;
  /**
   * Whether `password` fits the argon2id string `hash`; without one it takes as long, and never does.
   * @throws {VerifierBusyError}
   */
  verifyPassword(password: string, hash: string | undefined): Promise<boolean>;
  /** Signs session cookies; the same for all console processes. At least 32 bytes. */
  readonly sessionSecret: Uint8Array;
  /** Whether each part can do its work; the text of a part says why not. */
  ready(): Promise<{ ok: boolean; parts: Record<string, string> }>;
  /** Metrics of all processes, Prometheus text format. */
  metricsText(): Promise<string>;
  /** ms UTC. */
  now(): number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Where browsers reach the console, e.g. `https://console.example.com`. */
  readonly publicUrl: string;
  /** A shell line that sends a first mail, shown where there is none yet. */
  readonly tryLine: string;
}

/** What travels with a request. `remoteAddr` comes from `Deno.serve`. */
export interface Env {
  Bindings: { remoteAddr?: Deno.Addr };
  Variables: {
    view: View;
    /** The account whose data the request may see. */
    account: string;
    /** Who asks the API. */
    principal: Principal;
  };
}
