/** SMTP logins. */
import { issueCredential, newPassword, newSecret, revokeCredential } from "@chappe/src/settings";
import * as z from "zod";
import type { LastUses } from "../auth/last_uses.ts";
import { change, type ChangeDeps } from "./change.ts";
import { idOfRequest } from "./idempotency.ts";
import { allOf, iso, lastUse, lastUseShape, locationOf, pageOf, Time } from "./lists.ts";
import { type Route, route } from "./route.ts";

const CredentialItem = z.strictObject({
  login: z.string(),
  createdAt: Time,
  ...lastUseShape,
});
const CredentialPage = pageOf(CredentialItem);

const NewCredential = z.strictObject({
  login: z.string().optional().describe("Unique over all accounts; one is made up without it"),
});

const IssuedCredential = z.strictObject({
  login: z.string(),
  password: z.string().describe("Shown once"),
  createdAt: Time,
});

export function credentials(deps: ChangeDeps & { lastUses: () => Promise<LastUses> }): Route[] {
  return [
    route({
      method: "get",
      path: "/credentials",
      id: "listCredentials",
      summary: "SMTP logins",
      role: "analyst",
      answer: { status: 200, name: "CredentialPage", schema: CredentialPage },
      async handle({ account }) {
        const uses = await deps.lastUses();
        const own = deps.settings.now.credentials.values().filter((c) => c.account === account);
        return allOf(own.map(({ login, createdAt }) => ({
          login,
          createdAt: iso(createdAt),
          ...lastUse(uses.of(account, "credential", login)),
        })));
      },
    }),
    route({
      method: "post",
      path: "/credentials",
      id: "issueCredential",
      summary: "A new SMTP login; its password is shown once",
      role: "owner",
      body: NewCredential,
      answer: { status: 201, name: "IssuedCredential", schema: IssuedCredential },
      problems: [409],
      async handle({ c, account, by, body, idempotencyKey }) {
        const madeUp = idOfRequest(account, "issueCredential", idempotencyKey) ?? newSecret();
        const login = body.login ?? `${account}-${madeUp.replace(/[^a-z0-9]/gi, "").slice(0, 12)}`;
        const { password, hash } = await newPassword();
        await change(deps, by, (state) => issueCredential(state, { account, login, hash }));
        c.header("Location", locationOf(c.req.path, login));
        return { login, password, createdAt: iso(deps.now()) };
      },
    }),
    route({
      method: "delete",
      path: "/credentials/{login}",
      id: "revokeCredential",
      summary: "Revokes a login: it counts no more from the next AUTH on",
      role: "owner",
      answer: { status: 204 },
      async handle({ account, by, param }) {
        const login = param("login");
        await change(deps, by, (state) => revokeCredential(state, { account, login }));
      },
    }),
  ];
}
