/** What writers of source addresses go by: decisions on the state as it stands, and their way to the log. */
export { evolveHeld, type Held, NOTHING_HELD, readHeld } from "./held.ts";
export { type AddressFact } from "./fact.ts";
export { type AddressChange, changeAddresses } from "./change.ts";
export { normaliseIp } from "./ip.ts";
export {
  addAddress,
  addressOf,
  changeAddress,
  type NewAddress,
  removeAddress,
  type WantedStanding,
} from "./decide_address.ts";
export { BY_HAND, type Pause, pauseAddress, resumeAddress } from "./decide_pause.ts";
export {
  assignPools,
  changePool,
  createPool,
  type WantedAssignment,
  type WantedPool,
} from "./decide_pool.ts";
export {
  calendarFrom,
  calendarNamed,
  defineCalendar,
  defineRule,
  ruleAsDefined,
  ruleNamed,
  ruleOf,
  switchRule,
} from "./decide_calendar.ts";
export {
  type AddressDecision,
  type AddressHistory,
  type PlannedDay,
  planOf,
  readHistory,
  standingOf,
} from "./history.ts";
export { pastArrivals, pastAttempts } from "./past.ts";
export { type Asked, PAST_DAYS, pastSince, scenarioOf } from "./scenario.ts";
