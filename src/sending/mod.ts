/**
 * Source addresses: pools, warm-up, shaping and reputation. Decisions only, without clock or I/O:
 * production and the simulator run the same.
 */
export {
  type Calendar,
  CalendarError,
  capOn,
  DEFAULT_CALENDAR,
  defineCalendar,
} from "./calendar.ts";
export { hourCap, nextRelease, releasedBy } from "./allowance.ts";
export {
  type AddressPool,
  type AddressState,
  type Assignment,
  assignmentOf,
  calendarOf,
  dayCap,
  type Measure,
  NO_SENDING,
  type SendingState,
  SHARED,
  type SourceAddress,
  type Standing,
  stateAt,
  type Warming,
} from "./model.ts";
export { evolveSending } from "./state.ts";
export { dateOf, DAY, HOUR, MINUTE, startOf } from "./time.ts";
export { type Candidate } from "./candidates.ts";
export { chunkOf, countsEach, hourKey, type Quota, quotasOf } from "./quota.ts";
export { BLANK, type Sheet, taken } from "./places.ts";
export { createSheets, type Registers, type Sheets } from "./sheets.ts";
export { LEDGER, Ledger, type LedgerOptions, type Want } from "./ledger.ts";
export { type Chooser, type Chosen, createChooser, type Leaving } from "./chooser.ts";
export { createReserver, type Reservation, type Reserver } from "./reserve.ts";
export {
  type Batch,
  type Look,
  type Question,
  route,
  type Routed,
  routeMany,
  type View,
  type Waiting,
} from "./route.ts";
export { viewOf } from "./view.ts";
export { tellWhy } from "./words.ts";
export { tellEvent } from "./story.ts";
export {
  advance,
  ADVANCE_RULES,
  type AdvanceRules,
  capOfDay,
  type DayReport,
  type Decision,
  standingAfter,
  undecidedDays,
} from "./advance.ts";
export { decisionFact, judgementFact, measureFact, type SendingFact } from "./facts.ts";
export { type Received, receivedOf, reported, verdictOf } from "./received.ts";
export {
  ADDRESS_TABLE,
  type Advice,
  adviseByTraffic,
  adviseFor,
  type OwnAdvice,
} from "./advice.ts";
export {
  DEFAULT_SHAPING,
  PROVIDER_SHAPING,
  type ProviderShaping,
} from "./provider_shaping_data.ts";
export { type Limits, limitsOf } from "./limits.ts";
export { createPace, type Pace } from "./pace.ts";
export {
  type Automation,
  createAutomation,
  type Observed,
  ruleFor,
  type ShapingRule,
} from "./automation.ts";
export { SHAPING_RULES } from "./automation_data.ts";
export { defineRule, RuleError, rulesOf } from "./rules.ts";
export {
  ALERT_HOLDS_MS,
  createReputation,
  type Judgement,
  type Reputation,
  REPUTATION_RULES,
  type ReputationRule,
} from "./reputation.ts";
export { type Counted, type Counts, type WindowName } from "./rolling.ts";
export { type DnsblList, dnsblName, type DnsblResult, readDnsbl } from "./dnsbl.ts";
export { DNSBLS } from "./dnsbl_data.ts";
export { type ArrivalsOf, asTheyWere, madeUp, repeated } from "./arrivals.ts";
export { PROFILES } from "./profiles_data.ts";
export {
  type DayRow,
  type Flow,
  type HourRow,
  type Scenario,
  simulate,
  type Simulation,
} from "./simulate.ts";
export {
  type BackTest,
  backTest,
  createBackTest,
  type PastAttempt,
  type TestedMeasure,
} from "./backtest.ts";
