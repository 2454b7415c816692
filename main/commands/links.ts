/** `chappe links …` */
import type { LinkScope } from "@chappe/src/rules";
import { disableLinks, enableLinks } from "@chappe/src/settings";
import { UsageError } from "../exit.ts";
import { command } from "./command.ts";
import { change, settingsOf } from "./context.ts";
import { ACCOUNT, ANY_ACCOUNT } from "./options.ts";

const SCOPE = {
  account: ACCOUNT,
  message: { value: "id", help: "Only those of this message" },
  mailing: {
    value: "name",
    help: "Only those of what it files under this billing code or campaign",
  },
} as const;

const disable = command({
  name: "links disable",
  args: [],
  options: { ...SCOPE, reason: { value: "text", required: true, help: "Why, for people" } },
  help: "Links of an account, message or mailing lead nowhere (410), and nothing counts any more.",
  async run(context, { reason, ...given }) {
    const order = { ...scopeOf(given), byPlatform: true };
    await change(context, (state) => disableLinks(state, { ...order, reason }));
    return { record: { ...scopeOf(given), disabled: true } };
  },
});

const enable = command({
  name: "links enable",
  args: [],
  options: SCOPE,
  help: "Takes that back.",
  async run(context, given) {
    const order = { ...scopeOf(given), byPlatform: true };
    await change(context, (state) => enableLinks(state, order));
    return { record: { ...scopeOf(given), disabled: false } };
  },
});

const list = command({
  name: "links list",
  args: [],
  options: { account: ANY_ACCOUNT },
  help: "Which links are disabled, since when and why.",
  async run(context, { account }) {
    const { state, listed } = await settingsOf(context, account);
    return {
      rows: [...state.disabledLinks.values()].filter(listed).map((entry) => ({
        account: entry.account,
        scope: entry.scope,
        of: entry.of,
        since: new Date(entry.since),
        by: entry.byPlatform ? "platform" : "account",
        reason: entry.reason,
      })),
    };
  },
});

function scopeOf({ account, message, mailing }: {
  account: string;
  message: string | undefined;
  mailing: string | undefined;
}): LinkScope {
  if (message !== undefined && mailing !== undefined) {
    throw new UsageError("say one of --message and --mailing, or none for the whole account");
  }
  if (message !== undefined) return { account, scope: "message", of: message };
  if (mailing !== undefined) return { account, scope: "mailing", of: mailing };
  return { account, scope: "account", of: null };
}

export const LINKS_COMMANDS = [disable, enable, list];
