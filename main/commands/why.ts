/** `chappe why <message> <recipient>` */
import { type Event, timeOfId } from "@chappe/src/events";
import type { EventLog } from "@chappe/src/log";
import { recipientKey } from "@chappe/src/rules";
import { tellEvent } from "@chappe/src/sending";
import { RefusedError } from "@chappe/src/settings";
import { UsageError } from "../exit.ts";
import { command } from "./command.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
/** The clock of the node that made the id may be ahead of the one that recorded the event, ms. */
const SKEW = 60_000;
/** What is sent is sent within three days, and bounces come soon after. */
const WITHIN = 8 * 86_400_000;

const why = command({
  name: "why",
  args: ["message", "recipient"],
  options: {},
  help: "Why a copy left from that address at that moment, and what was tried instead.",
  async run({ events }, { message, recipient }) {
    if (!UUID.test(message)) throw new UsageError(`"${message}" is no message id`);
    const id = message.toLowerCase();
    const story = await readStory(events, id, recipientKey(recipient));
    const told = story.map((event) => ({
      at: new Date(event.at).toISOString(),
      type: event.type,
      words: tellEvent(event),
    })).filter(({ words }) => words.length > 0);
    return {
      lines: told.flatMap(({ at, words: [first, ...more] }) => [
        `${at}  ${first}`,
        ...more.map((line) => `${" ".repeat(at.length)}  ${line}`),
      ]),
      json: told,
    };
  },
});

/** Events of one copy, oldest first. Reads the log from the message's time on, for some days. */
async function readStory(
  events: Pick<EventLog, "read">,
  message: string,
  recipient: string,
): Promise<Event[]> {
  const since = Math.max(0, timeOfId(message) - SKEW);
  const story = new Map<string, Event>();
  let rcpt = -1;
  for await (
    const { recorded, events: all } of events.read({
      families: ["message", "delivery"],
      since,
    })
  ) {
    if (recorded > since + WITHIN) break;
    for (const event of all) {
      if (event.message !== message) continue;
      if (event.type === "message.accepted") {
        rcpt = event.data.recipients.findIndex(({ address }) =>
          recipientKey(address) === recipient
        );
        if (rcpt < 0) throw new RefusedError("unknown", `it did not go to ${recipient}`);
        story.set(event.id, event);
      } else if (event.rcpt === rcpt) story.set(event.id, event);
    }
  }
  if (rcpt < 0) throw new RefusedError("unknown", `there is no message ${message} in the log`);
  return [...story.values()].sort((a, b) => a.at - b.at);
}

export const WHY_COMMANDS = [why];
