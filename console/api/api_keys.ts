/** API keys. */
import { RoleSchema, uuidv7 } from "@chappe/src/events";
import { issueApiKey, newApiKey, revokeApiKey } from "@chappe/src/settings";
import * as z from "zod";
import type { LastUses } from "../auth/last_uses.ts";
import { change, type ChangeDeps } from "./change.ts";
import { idOfRequest } from "./idempotency.ts";
import { allOf, iso, lastUse, lastUseShape, locationOf, pageOf, Time } from "./lists.ts";
import { type Route, route } from "./route.ts";

const ApiKeyItem = z.strictObject({
  key: z.string().describe("Its id, not the secret"),
  name: z.string(),
  role: RoleSchema,
  createdAt: Time,
  ...lastUseShape,
});
const ApiKeyPage = pageOf(ApiKeyItem);

const NewApiKey = z.strictObject({ name: z.string().trim().min(1).max(200), role: RoleSchema });

const IssuedApiKey = z.strictObject({
  key: z.string().describe("Its id"),
  name: z.string(),
  role: RoleSchema,
  apiKey: z.string().describe("The secret, for `Authorization: Bearer`. Shown once"),
  createdAt: Time,
});

export function apiKeys(deps: ChangeDeps & { lastUses: () => Promise<LastUses> }): Route[] {
  return [
    route({
      method: "get",
      path: "/api-keys",
      id: "listApiKeys",
      summary: "API keys, without their secrets",
      role: "analyst",
      answer: { status: 200, name: "ApiKeyPage", schema: ApiKeyPage },
      async handle({ account }) {
        const uses = await deps.lastUses();
        const own = deps.settings.now.apiKeys.values().filter((k) => k.account === account);
        return allOf(own.map(({ key, name, role, createdAt }) => ({
          key,
          name,
          role,
          createdAt: iso(createdAt),
          ...lastUse(uses.of(account, "api-key", key)),
        })));
      },
    }),
    route({
      method: "post",
      path: "/api-keys",
      id: "issueApiKey",
      summary: "A new API key; its secret is shown once",
      role: "owner",
      body: NewApiKey,
      answer: { status: 201, name: "IssuedApiKey", schema: IssuedApiKey },
      problems: [409],
      async handle({ c, account, by, body: { name, role }, idempotencyKey }) {
        const at = deps.now();
        const key = idOfRequest(account, "issueApiKey", idempotencyKey) ?? uuidv7(at);
        const { apiKey, digest } = newApiKey();
        await change(
          deps,
          by,
          (state) => issueApiKey(state, { account, key, name, digest, role }),
        );
        c.header("Location", locationOf(c.req.path, key));
        return { key, name, role, apiKey, createdAt: iso(at) };
      },
    }),
    route({
      method: "delete",
      path: "/api-keys/{key}",
      id: "revokeApiKey",
      summary: "Revokes a key, at once",
      role: "owner",
      answer: { status: 204 },
      async handle({ account, by, param }) {
        const key = param("key");
        await change(deps, by, (state) => revokeApiKey(state, { account, key }));
      },
    }),
  ];
}
