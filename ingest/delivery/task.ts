/** One copy on its way through this node. */
import type { Claim } from "@chappe/src/log";
import type { DeliveryJob, PreparedCopy } from "../job.ts";
import type { Route } from "../routing/mod.ts";
import type { Outcome } from "./outcome.ts";

export interface Task {
  readonly claim: Claim<DeliveryJob>;
  /** Of the recipient: lower-case A-labels. */
  readonly domain: string;
  /** Whose servers take it. */
  readonly provider: string;
  readonly route: Route;
  /** When its turn came, ms UTC. */
  startedAt: number;
  /** Kept from a try that did not count. */
  copy: PreparedCopy | null;
  /** MAIL FROM was sent: it counts for its address, unless this node dies before the copy may have gone. */
  begun: boolean;
  done(outcome: Outcome): void;
}
