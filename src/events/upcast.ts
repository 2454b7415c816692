/**
 * Lifts events written by older versions to the current shape. The log is never rewritten; each
 * change of a shape raises `v` in the catalogue, adds one step here, and leaves a golden fixture of
 * the old version behind in `fixtures/`.
 */
import type { Event } from "./event.ts";

type Step = (data: Record<string, unknown>) => Record<string, unknown>;

/** `"<type>@<from version>"` → the step to the next version. */
const STEPS: Readonly<Record<string, Step>> = {
  "engagement.clicked@1": withoutSinceSent,
  "engagement.opened@1": withoutSinceSent,
  "message.accepted@1": unsubscribeMode,
  "message.accepted@2": asItWas, // no attachment was a link
  "message.accepted@3": asItWas, // of recipients nothing was told but the address
  "settings.account-changed@1": unsubscribeMode,
  "settings.account-changed@2": asItWas, // attachments were nothing to change
  "settings.account-created@1": (data) => ({
    ...unsubscribeMode(data),
    unsubscribeText: "Unsubscribe",
    limits: {
      messagesPerHour: null,
      messagesPerDay: null,
      recipientsPerMessage: null,
      messageBytes: null,
    },
  }),
  "settings.account-created@2": (data) => ({ ...data, attachments: "keep" }),
  "settings.api-key-issued@1": (data) => ({ ...data, role: "owner" }),
};

/** Links did not say when their copy was prepared. */
function withoutSinceSent(data: Record<string, unknown>): Record<string, unknown> {
  return { ...data, sinceSent: null };
}

/** What came later may be missing, and was. */
function asItWas(data: Record<string, unknown>): Record<string, unknown> {
  return data;
}

/** `listUnsubscribe` was whether the header is added, then how to offer it. */
function unsubscribeMode(data: Record<string, unknown>): Record<string, unknown> {
  if (data["listUnsubscribe"] === undefined) return data;
  return { ...data, listUnsubscribe: data["listUnsubscribe"] === true ? "header" : "off" };
}

export function upcast(stored: Event, steps: Readonly<Record<string, Step>> = STEPS): Event {
  let current = stored;
  for (
    let step = steps[`${current.type}@${current.v}`];
    step !== undefined;
    step = steps[`${current.type}@${current.v}`]
  ) {
    const data = step(current.data as unknown as Record<string, unknown>);
    current = { ...current, v: current.v + 1, data } as unknown as Event;
  }
  return current;
}
