/** All accounts: for the operator of the installation. */
import { LimitsSchema } from "@chappe/src/events";
import {
  accountOf,
  createAccount,
  newApiKey,
  newPassword,
  setLimits,
  supposing,
} from "@chappe/src/settings";
import * as z from "zod";
import { accountItem, AccountShape } from "./account.ts";
import { change, type ChangeDeps } from "./change.ts";
import { allOf, locationOf, pageOf } from "./lists.ts";
import { type Route, route } from "./route.ts";

const AccountPage = pageOf(AccountShape);

const NewAccount = z.strictObject({
  id: z.string().describe("1 to 32 lower-case letters, digits and hyphens"),
  name: z.string().trim().min(1).max(200).optional(),
  senders: z.array(z.string().max(320)).max(100).default([])
    .describe("Addresses and domains it may send from; not checked by DNS"),
  limits: LimitsSchema.partial().optional(),
});

const OpenedAccount = z.strictObject({
  ...AccountShape.shape,
  login: z.string().describe("First SMTP login"),
  password: z.string().describe("Of the login. Shown once"),
  key: z.string().describe("Id of the first API key, role owner"),
  apiKey: z.string().describe("The API key itself. Shown once"),
});

/** Id of the API key that an account starts with. */
const FIRST_KEY = "first";

export function accounts(deps: ChangeDeps): Route[] {
  const { settings } = deps;
  const answer = { status: 200, name: "Account", schema: AccountShape } as const;
  const asItStands = (id: string) => accountItem(accountOf(settings.now, id));
  return [
    route({
      method: "get",
      path: "/accounts",
      id: "listAccounts",
      summary: "All accounts of the installation",
      role: "owner",
      platform: true,
      answer: { status: 200, name: "AccountPage", schema: AccountPage },
      handle: () => allOf(settings.now.accounts.values().map(accountItem)),
    }),
    route({
      method: "post",
      path: "/accounts",
      id: "openAccount",
      summary: "Opens an account with one SMTP login and one API key",
      role: "owner",
      platform: true,
      body: NewAccount,
      answer: { status: 201, name: "OpenedAccount", schema: OpenedAccount },
      problems: [409],
      async handle({ c, by, body: { id, name = id, senders, limits = {} } }) {
        const { password, hash } = await newPassword();
        const { apiKey, digest } = newApiKey();
        const facts = await change(deps, by, (state) => {
          const opened = createAccount(state, {
            id,
            name,
            senders,
            smtp: { login: id, hash },
            apiKey: { key: FIRST_KEY, name: FIRST_KEY, digest },
            user: null,
          });
          return [
            ...opened,
            ...setLimits(supposing(state, opened), { account: id, limits }),
          ];
        });
        c.header("Location", locationOf(c.req.path, id));
        const made = accountOf(supposing(settings.now, facts), id);
        return { ...accountItem(made), login: id, password, key: FIRST_KEY, apiKey };
      },
    }),
    route({
      method: "get",
      path: "/accounts/{account}",
      id: "getAnyAccount",
      summary: "An account and its defaults",
      role: "owner",
      platform: true,
      answer,
      handle: ({ param }) => asItStands(param("account")),
    }),
    route({
      method: "put",
      path: "/accounts/{account}/limits",
      id: "setLimits",
      summary: "Sets the limits that are named; null takes one away",
      role: "owner",
      platform: true,
      body: LimitsSchema.partial(),
      answer,
      async handle({ by, body, param }) {
        const account = param("account");
        await change(deps, by, (state) => setLimits(state, { account, limits: body }));
        return asItStands(account);
      },
    }),
  ];
}
