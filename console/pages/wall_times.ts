/** Times in forms: what clocks show in the reader's zone. Links may carry other forms of time. */
import { momentOfText } from "../api/moment.ts";
import { momentOf, wallTime } from "../web/zone.ts";

/** The same parameters, `from` and `to` without a zone, as the API takes them. */
export function withMoments(parameters: URLSearchParams, zone: string): URLSearchParams {
  const translated = new URLSearchParams(parameters);
  for (const name of ["from", "to"]) {
    const moment = momentOf(parameters.get(name) ?? "", zone);
    if (!Number.isNaN(moment)) translated.set(name, String(moment));
  }
  return translated;
}

/** What a datetime-local field takes. */
export function wallOf(text: string, zone: string): string {
  const own = momentOf(text, zone);
  const moment = Number.isNaN(own) ? momentOfText(text) : own;
  return Number.isNaN(moment) ? "" : wallTime(moment, zone);
}
