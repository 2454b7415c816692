/** Recipients: who gets no mail of an account, who is not to be tracked, and how both are changed. */
export { type Consents, followConsents, type LiveConsents } from "./consents.ts";
export { followRecipients, type Recipients } from "./live.ts";
export {
  addSuppression,
  type ConsentOrder,
  giveConsent,
  type Order,
  removeSuppression,
  type SuppressionEntry,
  withdrawConsent,
} from "./decisions.ts";
export { type ImportOptions, type ImportReport, importSuppressions } from "./import.ts";
