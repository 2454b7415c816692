/** The events of a timeline as the queries give them back, read by the vocabulary's own schemas. */
import type { TimelineEvent } from "@chappe/analytics";
import { CATALOGUE, type EventData, type EventType } from "@chappe/src/events";
import * as z from "zod";

/** Hits also say who made them, as the projection judged, and by which rule. */
interface Judged {
  actor?: string;
  reason?: string;
}
export type Hit = EventData<"engagement.opened"> & Judged;

type DataOf<T extends EventType> =
  // A timeline is about one recipient: of the submission it keeps what concerns all of them.
  T extends "message.accepted" ? Pick<EventData<T>, "client">
    : T extends `engagement.${string}` ? EventData<T> & Judged
    : EventData<T>;

export type Recorded = { [T in EventType]: { type: T; data: DataOf<T> } }[EventType];

/** Null when this version does not know the event or its shape. */
export function recordedOf({ type, data }: TimelineEvent): Recorded | null {
  const schema = CATALOGUE[type]?.data;
  if (schema === undefined) return null;
  const shape = type === "message.accepted"
    ? { client: CATALOGUE[type].data.shape.client }
    : { ...schema.shape, actor: z.string().optional(), reason: z.string().optional() };
  const parsed = z.object(shape).safeParse(data);
  return parsed.success ? { type, data: parsed.data } as Recorded : null;
}
