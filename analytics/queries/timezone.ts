/** Time zones by their names in the IANA database. */
import { BadQueryError } from "./port.ts";

/** The name as the database spells it. @throws {BadQueryError} when there is no such zone. */
export function timezoneOf(name: string): string {
  // What Intl takes besides, such as +02:00, ClickHouse does not know.
  if (/^[A-Za-z][A-Za-z0-9_+\/-]{0,63}$/.test(name)) {
    try {
      return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
    } catch {
      // Told below.
    }
  }
  throw new BadQueryError(
    `timezone: expected a name such as Europe/Paris, not "${name.slice(0, 60)}"`,
  );
}
