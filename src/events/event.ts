/** Events as code sees them: a discriminated union over the catalogue. */
import { CATALOGUE, type EventData, type EventType, type Family } from "./catalogue.ts";
import { Envelope, type EnvelopeInput } from "./envelope.ts";
import { upcast } from "./upcast.ts";

type Of<T extends EventType> = T extends EventType
  ? Omit<EnvelopeInput, "type" | "v"> & { type: T; v: number; data: EventData<T> }
  : never;

/** An event on its way into the log. */
export type NewEvent<T extends EventType = EventType> = Of<T>;
/** An event as the log holds it. */
export type Event<T extends EventType = EventType> = T extends EventType
  ? Of<T> & { recorded: number }
  : never;

/** Why an event was refused; the message names the type and the field. */
export class InvalidEventError extends Error {
  override name = "InvalidEventError";
}

/** The family of an event type: the part before the dot, and the subject in the log. */
export function familyOf(type: string): Family {
  return type.slice(0, type.indexOf(".")) as Family;
}

/**
 * Makes an event of the current version and checks it against the catalogue.
 * @throws {InvalidEventError} when the data does not fit its schema.
 */
export function event<T extends EventType>(
  type: T,
  envelope: Omit<EnvelopeInput, "type" | "v">,
  data: EventData<T>,
): NewEvent<T> {
  const made = { ...envelope, type, v: CATALOGUE[type].v, data };
  check(made);
  return made as unknown as NewEvent<T>;
}

/** @throws {InvalidEventError} */
function check(candidate: { type: string; v: number; data: unknown }): void {
  const entry = CATALOGUE[candidate.type as EventType];
  if (entry === undefined) throw new InvalidEventError(`unknown event type ${candidate.type}`);
  const result = entry.data.safeParse(candidate.data);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw new InvalidEventError(
      `${candidate.type}: ${["data", ...issue.path].join(".")}: ${issue.message}`,
    );
  }
}

/** Lifts a stored event of any version to the current one. @throws {InvalidEventError} */
export function read(stored: unknown): Event {
  const lifted = upcast(stored as Event);
  return lifted;
}

/** Full check of a stored event, envelope and data (contract tests, imports). @throws {InvalidEventError} */
export function validate(stored: unknown): Event {
  const lifted = read(stored);
  const { data: _, ...envelope } = lifted;
  const result = Envelope.safeParse(envelope);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw new InvalidEventError(`${lifted.type}: ${issue.path.join(".")}: ${issue.message}`);
  }
  check(lifted);
  return lifted;
}
