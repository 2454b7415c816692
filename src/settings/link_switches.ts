/** Turning tracking links off and on: of an account, a message, or a mailing. */
import { parseUuid } from "../events/mod.ts";
import { type LinkScope, linkScopeKey, type LinkSwitch, linkSwitch } from "../rules/mod.ts";
import { accountOf } from "./accounts.ts";
import { fact, type SettingsFact } from "./fact.ts";
import type { LiveSettings } from "./live.ts";
import { RefusedError } from "./refused.ts";
import type { SettingsState } from "./state.ts";

export interface LinkOrder extends LinkScope {
  /** Whether the operator of the installation asks: they alone may touch an account as a whole. */
  byPlatform: boolean;
}

/** Nothing when they are off already, unless the platform now stands behind it. @throws {RefusedError} */
export function disableLinks(
  state: SettingsState,
  { reason, ...order }: LinkOrder & { reason: string },
): SettingsFact[] {
  const { account, scope, of, byPlatform } = checkedOrder(state, order);
  const before = state.disabledLinks.get(linkScopeKey({ account, scope, of }));
  if (before !== undefined && (before.byPlatform || !byPlatform)) return [];
  return [fact("settings.links-disabled", account, { scope, of, reason, byPlatform })];
}

/** @throws {RefusedError} */
export function enableLinks(state: SettingsState, order: LinkOrder): SettingsFact[] {
  const { account, scope, of, byPlatform } = checkedOrder(state, order);
  const before = state.disabledLinks.get(linkScopeKey({ account, scope, of }));
  if (before === undefined) throw new RefusedError("unknown", "these links are not disabled");
  if (before.byPlatform && !byPlatform) {
    throw new RefusedError(
      "forbidden",
      "the operator of the installation disabled these links, and alone enables them",
    );
  }
  return [fact("settings.links-enabled", account, { scope, of })];
}

/** Whether links are off in the settings as they stand; made anew only when that changes. */
export function linksDisabled(settings: Pick<LiveSettings, "now">): LinkSwitch {
  let last = settings.now.disabledLinks;
  let isOff = linkSwitch(last.values());
  return (link) => {
    const { disabledLinks } = settings.now;
    if (disabledLinks !== last) isOff = linkSwitch((last = disabledLinks).values());
    return isOff(link);
  };
}

/** The same of a moment that has passed: links that were turned off only later were on. @param at ms UTC */
export function linksDisabledBefore(
  settings: Pick<LiveSettings, "now">,
): (link: Parameters<LinkSwitch>[0], at: number) => boolean {
  const isOff = linksDisabled(settings);
  return (link, at) => {
    if (!isOff(link)) return false;
    const before = settings.now.disabledLinks.values().filter(({ since }) => since < at);
    return linkSwitch(before)(link);
  };
}

function checkedOrder(state: SettingsState, order: LinkOrder): LinkOrder {
  const { account, scope, of, byPlatform } = order;
  accountOf(state, account);
  if ((scope === "account") !== (of === null)) {
    throw new RefusedError("invalid", "name a message or a mailing; or neither, for the account");
  }
  if (scope === "account" && !byPlatform) {
    throw new RefusedError(
      "forbidden",
      "links of a whole account are disabled and enabled by the operator of the installation",
    );
  }
  return scope === "message" ? { ...order, of: messageId(of!) } : order;
}

function messageId(text: string): string {
  try {
    parseUuid(text);
  } catch {
    throw new RefusedError("invalid", `"${text.slice(0, 60)}" is no message id`);
  }
  return text.toLowerCase();
}
