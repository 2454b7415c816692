/** The vocabulary of the log: pure, without a runtime of its own. */
export { CATALOGUE, type EventData, type EventType, FAMILIES, type Family } from "./catalogue.ts";
export {
  type Event,
  event,
  familyOf,
  InvalidEventError,
  type NewEvent,
  read,
  validate,
} from "./event.ts";
export { derivedId, formatUuid, parseUuid, timeOfId, uuidv7 } from "./id.ts";
export type {
  AttachmentsMode,
  LinkedFile,
  MessageAccepted,
  MessageReferences,
  MessageRejected,
  RecipientFields,
  RecipientKind,
  Tracking,
  TrackingMode,
  UnsubscribeMode,
} from "./message.ts";
export {
  AttachmentsMode as AttachmentsModeSchema,
  FIELD_LIMITS,
  isFieldName,
  MessageReferences as MessageReferencesSchema,
  RecipientFields as RecipientFieldsSchema,
  Tracking as TrackingSchema,
  TrackingMode as TrackingModeSchema,
  UnsubscribeMode as UnsubscribeModeSchema,
} from "./message.ts";
export {
  AddressStanding as AddressStandingSchema,
  CalendarDefined as CalendarDefinedSchema,
  Limits as LimitsSchema,
  Role as RoleSchema,
  ShapingRuleDefined as ShapingRuleDefinedSchema,
} from "./settings.ts";
export type {
  AddressStanding,
  CalendarDefined,
  Limits,
  Role,
  ShapingRuleDefined,
} from "./settings.ts";
export type { Figures } from "./figures.ts";
export { ShapingAction as ShapingActionSchema } from "./shaping.ts";
export type { ShapingAction, ShapingApplied } from "./shaping.ts";
export { SuppressionReason as SuppressionReasonSchema } from "./suppression.ts";
export type { SuppressionReason } from "./suppression.ts";
export type { AccessUsed } from "./access.ts";
export type {
  Authentication,
  BounceClass,
  Bounced,
  Deferred,
  Delivered,
  Expired,
  Suppressed,
  Why,
} from "./delivery.ts";
export type { Clicked, Opened } from "./engagement.ts";
export type { Complained, Unsubscribed } from "./feedback.ts";
export type { Reply } from "./reply.ts";
export { lineOf, type Lines, LINES_BYTES, readLines, startOfLine, writeLines } from "./written.ts";
