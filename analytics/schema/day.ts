/** The column `day`: rows of a message stand together in time, wherever its events fall. */
import { timeOfId } from "@chappe/src/events";

const DAY = 86_400_000;
/** ClickHouse's Date ends in 2149. */
const LAST_DAY = 65_535;

let cachedDay = 0;
let cachedText = "1970-01-01";

/** The day of a time (ms UTC) as ClickHouse writes a Date; beyond its range the nearest one. */
export function dayOf(time: number): string {
  const day = Math.max(0, Math.min(Math.floor(time / DAY), LAST_DAY));
  if (day !== cachedDay) {
    cachedDay = day;
    cachedText = new Date(day * DAY).toISOString().slice(0, 10);
  }
  return cachedText;
}

/** The day a message id (UUIDv7) was given out; `1970-01-01` for an id of another version. */
export function dayOfMessage(id: string): string {
  return dayOf(id[14] === "7" ? timeOfId(id) : 0);
}
