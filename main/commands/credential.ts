/** `chappe credential …` */
import { issueCredential, newPassword, revokeCredential } from "@chappe/src/settings";
import { command } from "./command.ts";
import { change, LAST_USE_HELP, lastUses, settingsOf } from "./context.ts";
import { ACCOUNT, ANY_ACCOUNT, SHOWN_ONCE } from "./options.ts";

const create = command({
  name: "credential create",
  args: ["login"],
  options: { account: ACCOUNT },
  help: "A new SMTP login with a password of its own.",
  async run(context, { login, account }) {
    const { password, hash } = await newPassword();
    await change(context, (state) => issueCredential(state, { account, login, hash }));
    return { record: { account, login, password }, note: SHOWN_ONCE };
  },
});

const list = command({
  name: "credential list",
  args: [],
  options: { account: ANY_ACCOUNT },
  help: `SMTP logins. ${LAST_USE_HELP}`,
  async run(context, { account }) {
    const { state, listed } = await settingsOf(context, account);
    const used = await lastUses(context);
    return {
      rows: [...state.credentials.values()].filter(listed).map((c) => ({
        account: c.account,
        login: c.login,
        created: new Date(c.createdAt),
        ...used(c.account, "credential", c.login),
      })),
    };
  },
});

const revoke = command({
  name: "credential revoke",
  args: ["login"],
  options: { account: ACCOUNT },
  help: "The login counts no longer, from the next message on.",
  async run(context, { login, account }) {
    await change(context, (state) => revokeCredential(state, { account, login }));
    return { record: { account, revoked: login } };
  },
});

export const CREDENTIAL_COMMANDS = [create, list, revoke];
