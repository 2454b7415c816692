/** The people who may sign in to the console. */
import { RoleSchema } from "@chappe/src/events";
import {
  changeUser,
  hashPassword,
  inviteUser,
  newPassword,
  normaliseAddress,
  removeUser,
  type User,
} from "@chappe/src/settings";
import { HTTPException } from "hono/http-exception";
import * as z from "zod";
import type { LastUses } from "../auth/last_uses.ts";
import { change, type ChangeDeps } from "./change.ts";
import { allOf, iso, lastUse, lastUseShape, locationOf, pageOf, Time } from "./lists.ts";
import { type Route, route } from "./route.ts";

const UserItem = z.strictObject({
  email: z.string(),
  name: z.string(),
  role: RoleSchema,
  createdAt: Time,
  ...lastUseShape,
});
const UserPage = pageOf(UserItem);

const Password = z.string().min(12).max(200);

const NewUser = z.strictObject({
  email: z.string().max(320),
  name: z.string().trim().min(1).max(200),
  role: RoleSchema,
});

const InvitedUser = z.strictObject({
  email: z.string(),
  name: z.string(),
  role: RoleSchema,
  password: z.string().describe("A first one. Shown once"),
  createdAt: Time,
});

const UserChange = z.strictObject({
  role: RoleSchema,
  password: Password.describe("Ends the user's sessions"),
}).partial();

export function users(deps: ChangeDeps & { lastUses: () => Promise<LastUses> }): Route[] {
  const item = ({ account, email, name, role, createdAt }: User, uses: LastUses) => ({
    email,
    name,
    role,
    createdAt: iso(createdAt),
    ...lastUse(uses.of(account, "user", email)),
  });
  return [
    route({
      method: "get",
      path: "/users",
      id: "listUsers",
      summary: "People with a login to the console",
      role: "analyst",
      answer: { status: 200, name: "UserPage", schema: UserPage },
      async handle({ account }) {
        const uses = await deps.lastUses();
        const own = deps.settings.now.users.values().filter((user) => user.account === account);
        return allOf(own.map((user) => item(user, uses)));
      },
    }),
    route({
      method: "post",
      path: "/users",
      id: "inviteUser",
      summary: "A new user; the first password is shown once",
      role: "owner",
      body: NewUser,
      answer: { status: 201, name: "InvitedUser", schema: InvitedUser },
      problems: [409],
      async handle({ c, account, by, body: { name, role, ...given } }) {
        const email = normaliseAddress(given.email);
        const { password, hash } = await newPassword();
        await change(
          deps,
          by,
          (state) => inviteUser(state, { account, email, name, role, hash }),
        );
        c.header("Location", locationOf(c.req.path, email));
        return { email, name, role, password, createdAt: iso(deps.now()) };
      },
    }),
    route({
      method: "patch",
      path: "/users/{email}",
      id: "changeUser",
      summary: "Another role, another password, or both",
      role: "owner",
      body: UserChange,
      answer: { status: 200, name: "User", schema: UserItem },
      async handle({ account, by, body: { role, password }, param }) {
        const email = normaliseAddress(param("email"));
        const salt = crypto.getRandomValues(new Uint8Array(16));
        const hash = password === undefined ? undefined : await hashPassword(password, salt);
        await change(deps, by, (state) => changeUser(state, { account, email, role, hash }));
        const user = deps.settings.now.users.get(email);
        if (user?.account !== account) throw new HTTPException(404, { message: "no such user" });
        return item(user, await deps.lastUses());
      },
    }),
    route({
      method: "delete",
      path: "/users/{email}",
      id: "removeUser",
      summary: "Removes a user and ends their sessions; the last owner stays",
      role: "owner",
      answer: { status: 204 },
      async handle({ account, by, param }) {
        const email = param("email");
        await change(deps, by, (state) => removeUser(state, { account, email }));
      },
    }),
  ];
}
