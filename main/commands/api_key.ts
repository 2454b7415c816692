/** `chappe api-key …` */
import { issueApiKey, newApiKey, revokeApiKey } from "@chappe/src/settings";
import { command } from "./command.ts";
import { change, LAST_USE_HELP, lastUses, settingsOf } from "./context.ts";
import { ANY_ACCOUNT, NAME, ROLE, SHOWN_ONCE } from "./options.ts";

const ACCOUNT = {
  value: "id",
  required: true,
  help: "The account; platform: an owner's key of it opens all accounts",
} as const;

const create = command({
  name: "api-key create",
  args: ["key"],
  options: { account: ACCOUNT, role: { ...ROLE, required: true }, name: NAME },
  help: "A new API key. <key> is what it is listed and revoked by.",
  async run(context, { key, account, role, name = key }) {
    const { apiKey, digest } = newApiKey();
    await change(context, (state) => issueApiKey(state, { account, key, name, digest, role }));
    return { record: { account, key, role, apiKey }, note: SHOWN_ONCE };
  },
});

const list = command({
  name: "api-key list",
  args: [],
  options: { account: ANY_ACCOUNT },
  help: `API keys. ${LAST_USE_HELP}`,
  async run(context, { account }) {
    const { state, listed } = await settingsOf(context, account);
    const used = await lastUses(context);
    return {
      rows: [...state.apiKeys.values()].filter(listed).map((k) => ({
        account: k.account,
        key: k.key,
        name: k.name,
        role: k.role,
        created: new Date(k.createdAt),
        ...used(k.account, "api-key", k.key),
      })),
    };
  },
});

const revoke = command({
  name: "api-key revoke",
  args: ["key"],
  options: { account: ACCOUNT },
  help: "The key counts no longer.",
  async run(context, { key, account }) {
    await change(context, (state) => revokeApiKey(state, { account, key }));
    return { record: { account, revoked: key } };
  },
});

export const API_KEY_COMMANDS = [create, list, revoke];
