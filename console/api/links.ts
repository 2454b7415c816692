/** Turning tracking links off and on: of a message, a mailing or, by the platform, an account. */
import { disableLinks, enableLinks, type LinkOrder } from "@chappe/src/settings";
import * as z from "zod";
import { isOfPlatform } from "../auth/principal.ts";
import { change, type ChangeDeps } from "./change.ts";
import { allOf, iso, pageOf, Time } from "./lists.ts";
import { type Call, type Route, route } from "./route.ts";

const scope = {
  scope: z.enum(["account", "message", "mailing"])
    .describe("`account`: only by keys of the platform"),
  of: z.string().min(1).max(256).nullable().default(null)
    .describe("Message id; billing code or campaign for a mailing; null for the account"),
};
const Scope = z.strictObject(scope);
const Disable = z.strictObject({ ...scope, reason: z.string().min(1).max(500) });
const DisabledLinksItem = z.strictObject({
  ...scope,
  of: z.string().nullable(),
  reason: z.string(),
  byPlatform: z.boolean().describe(
    "The operator of the installation did it, and alone takes it back",
  ),
  since: Time,
});
const DisabledLinksPage = pageOf(DisabledLinksItem);

export function links(deps: ChangeDeps): Route[] {
  const order = ({ c, account, body }: Call<unknown, z.infer<typeof Scope>>): LinkOrder => ({
    account,
    scope: body.scope,
    of: body.of,
    byPlatform: isOfPlatform(c.get("principal")),
  });
  return [
    route({
      method: "get",
      path: "/links/disabled",
      id: "listDisabledLinks",
      summary: "Which tracking links lead nowhere, and why",
      role: "analyst",
      answer: { status: 200, name: "DisabledLinksPage", schema: DisabledLinksPage },
      handle: ({ account }) =>
        allOf(
          deps.settings.now.disabledLinks.values().filter((entry) => entry.account === account)
            .map(({ scope, of, reason, byPlatform, since }) => ({
              scope,
              of,
              reason,
              byPlatform,
              since: iso(since),
            })),
        ),
    }),
    route({
      method: "post",
      path: "/links/disable",
      id: "disableLinks",
      summary: "Clicks are answered 410 and nothing counts any more; unsubscribing goes on working",
      role: "operator",
      body: Disable,
      answer: { status: 204 },
      problems: [403],
      async handle(call) {
        const { reason } = call.body;
        await change(deps, call.by, (state) => disableLinks(state, { ...order(call), reason }));
      },
    }),
    route({
      method: "post",
      path: "/links/enable",
      id: "enableLinks",
      summary: "Takes that back",
      role: "operator",
      body: Scope,
      answer: { status: 204 },
      problems: [403, 404],
      async handle(call) {
        await change(deps, call.by, (state) => enableLinks(state, order(call)));
      },
    }),
  ];
}
