/** Whether a recipient agrees to be tracked. */
import { type Consents, giveConsent, withdrawConsent } from "@chappe/src/recipients";
import { recipientKey, recipientTag } from "@chappe/src/rules";
import { recipientSecret } from "@chappe/src/settings";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { type Route, route } from "./route.ts";
import { within } from "./wait.ts";

const tracking = z.boolean()
  .describe("false: nothing is recorded of this recipient, on mail already sent neither");

const ConsentShape = z.strictObject({
  recipient: z.string().describe("Lower case, the domain in A-labels"),
  tracking,
});

export function consents(
  deps: Pick<ConsoleDeps, "settings" | "events" | "now"> & { consents: Consents },
): Route[] {
  const { settings, events, consents, now } = deps;
  const answer = { status: 200, name: "Consent", schema: ConsentShape } as const;

  const agrees = (account: string, recipient: string) =>
    !consents.withdrawn(recipientTag(recipientSecret(settings), account, recipient));

  return [
    route({
      method: "get",
      path: "/consents/{recipient}",
      id: "getConsent",
      summary: "Whether hits of this recipient are recorded; yes, unless consent was withdrawn",
      role: "analyst",
      answer,
      handle({ account, param }) {
        const recipient = recipientKey(param("recipient"));
        return { recipient, tracking: agrees(account, recipient) };
      },
    }),
    route({
      method: "put",
      path: "/consents/{recipient}",
      id: "setConsent",
      summary: "Withdraws a recipient's consent to be tracked, or gives it again",
      role: "operator",
      body: z.strictObject({ tracking }),
      answer,
      async handle({ account, by, body: { tracking }, param }) {
        const secret = recipientSecret(settings);
        const order = { account, by, at: now(), secret, source: "api" } as const;
        const decide = tracking ? giveConsent : withdrawConsent;
        const made = decide(order, param("recipient"));
        await events.append([made]);
        const recipient = made.recipient!;
        await within(2000, () => agrees(account, recipient) === tracking);
        return { recipient, tracking };
      },
    }),
  ];
}
