/** The addresses that an account does not send to, read from the log. */
import type { Event, SuppressionReason } from "@chappe/src/events";
import type { EventLog } from "@chappe/src/log";
import { recipientKey } from "@chappe/src/rules";

export interface Suppressed {
  recipient: string;
  reason: SuppressionReason;
  source: string;
  note: string | null;
  at: Date;
}

/** By address in its usual spelling, oldest first. Reads the whole family: for an operator, not for mail. */
export async function readSuppressions(
  events: Pick<EventLog, "read">,
  account: string,
): Promise<Map<string, Suppressed>> {
  const list = new Map<string, Suppressed>();
  for await (const commit of events.read({ families: ["suppression"] })) {
    for (const event of commit.events) {
      if (event.account === account && event.recipient !== undefined) fold(list, event);
    }
  }
  return list;
}

function fold(list: Map<string, Suppressed>, event: Event): void {
  const key = recipientKey(event.recipient!);
  if (event.type === "suppression.removed") list.delete(key);
  if (event.type === "suppression.added") {
    const { reason, source, note = null } = event.data;
    list.delete(key);
    list.set(key, { recipient: key, reason, source, note, at: new Date(event.at) });
  }
}

/** The list as a CSV file (RFC 4180) that an import takes again. */
export function suppressionCsv(list: Iterable<Suppressed>): string[] {
  const lines = ["recipient,reason,note,source,at"];
  for (const { recipient, reason, note, source, at } of list) {
    lines.push([recipient, reason, note ?? "", source, at.toISOString()].map(field).join(","));
  }
  return lines;
}

function field(text: string): string {
  return /[",\r\n;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
