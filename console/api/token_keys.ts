/** Keys that sign tracking links and return paths: the platform's own. */
import { retireTokenKey, rotateTokenKey, type TokenKey } from "@chappe/src/settings";
import { HTTPException } from "hono/http-exception";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { change, type ChangeDeps } from "./change.ts";
import { allOf, iso, locationOf, pageOf, Time } from "./lists.ts";
import { type Route, route } from "./route.ts";

const TokenKeyItem = z.strictObject({
  key: z.int(),
  createdAt: Time,
  retiredAt: Time.nullable().describe("From then on what it signed is not found"),
  signs: z.boolean().describe("The newest signs; all that are not retired verify"),
});
const TokenKeyPage = pageOf(TokenKeyItem);

export function tokenKeys(deps: ChangeDeps & Pick<ConsoleDeps, "keys">): Route[] {
  const platform = { role: "owner", platform: true } as const;
  const all = () => [...deps.settings.now.tokenKeys.values()];
  const item = (key: TokenKey) => ({
    key: key.kid,
    createdAt: iso(key.createdAt),
    retiredAt: key.retiredAt === null ? null : iso(key.retiredAt),
    signs: key === all().at(-1),
  });
  return [
    route({
      method: "get",
      path: "/token-keys",
      id: "listTokenKeys",
      summary: "Keys that sign tracking links and return paths",
      ...platform,
      answer: { status: 200, name: "TokenKeyPage", schema: TokenKeyPage },
      handle: () => allOf(all().map(item)),
    }),
    route({
      method: "post",
      path: "/token-keys",
      id: "rotateTokenKey",
      summary: "A new key signs from now on; the ones before go on verifying",
      ...platform,
      answer: { status: 201, name: "TokenKey", schema: TokenKeyItem },
      async handle({ c, by }) {
        const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
        const maker = { vault: deps.keys.vault, random };
        await change(deps, by, (state) => rotateTokenKey(state, maker));
        const made = item(all().at(-1)!);
        c.header("Location", locationOf(c.req.path, String(made.key)));
        return made;
      },
    }),
    route({
      method: "delete",
      path: "/token-keys/{key}",
      id: "retireTokenKey",
      summary: "Ends a key: links and return paths that it signed are not ours any more",
      ...platform,
      answer: { status: 204 },
      problems: [403, 404],
      async handle({ by, param }) {
        const text = param("key");
        if (!/^\d{1,5}$/.test(text)) throw new HTTPException(404, { message: "no such key" });
        await change(deps, by, (state) => retireTokenKey(state, Number(text)));
      },
    }),
  ];
}
