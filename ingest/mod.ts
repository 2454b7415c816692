/** The SMTP node: from a sender's DATA to the outcome of each copy, and what comes back later. */
export { createIntake, createSubmission } from "./submission/mod.ts";
export { runDispatcher } from "./dispatch/mod.ts";
export { runSuppressor } from "./suppress/mod.ts";
export { type KeeperOptions, listsOf, runKeeper } from "./keeper/mod.ts";
export { createPreparer, withConsent } from "./prepare/mod.ts";
export { laneOf, provider } from "./routing/mod.ts";
export {
  createResolver,
  type Mode as DeliveryTarget,
  readServer,
  startDelivery,
  systemServers,
} from "./delivery/mod.ts";
export { startInbound } from "./inbound/mod.ts";
export { startSandboxReceiver } from "./sandbox/mod.ts";
