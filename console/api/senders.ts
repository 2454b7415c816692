/** Addresses and domains that an account may send from. */
import { authoriseSender, normaliseSender, withdrawSender } from "@chappe/src/settings";
import * as z from "zod";
import { isOfPlatform } from "../auth/principal.ts";
import { change, type ChangeDeps } from "./change.ts";
import { allOf, locationOf, pageOf } from "./lists.ts";
import { type Route, route } from "./route.ts";

const Sender = z.strictObject({
  sender: z.string().max(320).describe("An address, or a domain for all addresses at it"),
});
const SenderPage = pageOf(Sender);

export function senders(deps: ChangeDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/senders",
      id: "listSenders",
      summary: "Addresses and domains that may stand in MAIL FROM and From",
      role: "analyst",
      answer: { status: 200, name: "SenderPage", schema: SenderPage },
      handle: ({ account }) =>
        allOf(
          (deps.settings.now.senders.get(account) ?? new Set()).values().map((sender) => ({
            sender,
          })),
        ),
    }),
    route({
      method: "post",
      path: "/senders",
      id: "authoriseSender",
      summary: "Allows a sender under a domain of the account that DNS has verified",
      role: "operator",
      body: Sender,
      answer: { status: 201, name: "Sender", schema: Sender },
      async handle({ c, account, by, body }) {
        const sender = normaliseSender(body.sender);
        const mayAny = isOfPlatform(c.get("principal"));
        await change(deps, by, (state) => authoriseSender(state, { account, sender, mayAny }));
        c.header("Location", locationOf(c.req.path, sender));
        return { sender };
      },
    }),
    route({
      method: "delete",
      path: "/senders/{sender}",
      id: "withdrawSender",
      summary: "Takes a sender off the list",
      role: "operator",
      answer: { status: 204 },
      async handle({ account, by, param }) {
        const sender = param("sender");
        await change(deps, by, (state) => withdrawSender(state, { account, sender }));
      },
    }),
  ];
}
