/** Who makes a request, and what they may do. */
import type { Role } from "@chappe/src/events";
import { PLATFORM } from "@chappe/src/settings";
import { createMiddleware } from "hono/factory";
import { HTTPException } from "hono/http-exception";
import type { Env } from "../deps.ts";

export interface Principal {
  /** The account they belong to. */
  readonly account: string;
  readonly role: Role;
  /** By what they came in. */
  readonly kind: "api-key" | "user";
  /** Id of the API key, or e-mail address of the user. */
  readonly name: string;
}

/** Each may do what the ones before it may. */
const RANKS: readonly Role[] = ["analyst", "operator", "owner"];

export const mayAs = (role: Role, needed: Role): boolean =>
  RANKS.indexOf(role) >= RANKS.indexOf(needed);

/** Lets through whoever has this role or a stronger one. */
export function requires(needed: Role) {
  return createMiddleware<Env>(async (c, next) => {
    const { role, kind } = c.get("principal");
    if (!mayAs(role, needed)) {
      const who = kind === "user" ? "you are" : "this API key is";
      throw new HTTPException(403, { message: `this needs the role ${needed}; ${who} ${role}` });
    }
    await next();
  });
}

/** Whether they act for the operator of the installation, who may see to every account. */
export const isOfPlatform = ({ account }: Principal): boolean => account === PLATFORM;

/** As events name them in `by`. Keys of the platform are told apart from the account's own. */
export function byOf({ account, kind, name }: Principal): string {
  return `${kind}:${account === PLATFORM ? `${PLATFORM}/` : ""}${name}`;
}
