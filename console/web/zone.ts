/** Wall-clock time in a time zone, both ways. */

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What clocks show in `zone` at `at` (ms UTC): `YYYY-MM-DDTHH:mm`. */
export function wallTime(at: number, zone: string): string {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat("sv-SE", {
      timeZone: zone,
      dateStyle: "short",
      timeStyle: "short",
    });
    clocks.set(zone, clock);
  }
  return clock.format(at).replace(" ", "T");
}

/**
 * The moment (ms UTC) when clocks in `zone` show `wall` (`YYYY-MM-DD` or `YYYY-MM-DDTHH:mm`); the
 * moment after the gap for a time that the spring change skips. NaN for anything else.
 */
export function momentOf(wall: string, zone: string): number {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/.test(wall)) return NaN;
  const asUtc = Date.parse(wall.length === 10 ? `${wall}T00:00Z` : `${wall}Z`);
  if (Number.isNaN(asUtc)) return NaN;
  const offset = (at: number) => Date.parse(`${wallTime(at, zone)}Z`) - at;
  const guess = asUtc - offset(asUtc);
  return asUtc - offset(guess);
}
