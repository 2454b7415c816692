/** The account itself: what it may change of itself, and what the operator sets for it. */
import {
  AttachmentsModeSchema,
  LimitsSchema,
  TrackingSchema,
  UnsubscribeModeSchema,
} from "@chappe/src/events";
import { type Account, accountOf, changeAccount } from "@chappe/src/settings";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { change, type ChangeDeps } from "./change.ts";
import { type Route, route } from "./route.ts";

const unsubscribeText = z.string().trim().min(1).max(200);

export const AccountShape = z.strictObject({
  id: z.string(),
  name: z.string(),
  tracking: TrackingSchema.describe("What is recorded unless a message says otherwise"),
  listUnsubscribe: UnsubscribeModeSchema,
  unsubscribeText: unsubscribeText.describe("Words of the link at the end of a text"),
  attachments: AttachmentsModeSchema.describe("Whether they travel in the mail, or behind links"),
  limits: LimitsSchema.describe("Set by the operator of the installation; null: none"),
});

const AccountChange = z.strictObject({
  name: z.string().trim().min(1).max(200),
  tracking: TrackingSchema.partial(),
  listUnsubscribe: UnsubscribeModeSchema,
  unsubscribeText,
  attachments: AttachmentsModeSchema,
}).partial();

export const accountItem = (
  { id, name, tracking, listUnsubscribe, unsubscribeText, attachments, limits }: Account,
): z.infer<typeof AccountShape> => ({
  id,
  name,
  tracking,
  listUnsubscribe,
  unsubscribeText,
  attachments,
  limits,
});

export function account(deps: ChangeDeps & Pick<ConsoleDeps, "settings">): Route[] {
  const answer = { status: 200, name: "Account", schema: AccountShape } as const;
  const asItStands = (id: string) => accountItem(accountOf(deps.settings.now, id));
  return [
    route({
      method: "get",
      path: "/account",
      id: "getAccount",
      summary: "The account and its defaults",
      role: "analyst",
      answer,
      handle: ({ account }) => asItStands(account),
    }),
    route({
      method: "patch",
      path: "/account",
      id: "changeAccount",
      summary: "Changes what is named, and nothing else",
      role: "owner",
      body: AccountChange,
      answer,
      async handle({ account, by, body }) {
        await change(deps, by, (state) => changeAccount(state, { account, ...body }));
        return asItStands(account);
      },
    }),
  ];
}
