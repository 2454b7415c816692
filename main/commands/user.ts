/** `chappe user …` */
import { changeUser, inviteUser, newPassword, removeUser } from "@chappe/src/settings";
import { UsageError } from "../exit.ts";
import { command } from "./command.ts";
import { change, LAST_USE_HELP, lastUses, settingsOf } from "./context.ts";
import { ACCOUNT, ANY_ACCOUNT, NAME, ROLE, SHOWN_ONCE } from "./options.ts";

const invite = command({
  name: "user invite",
  args: ["e-mail"],
  options: { account: ACCOUNT, role: { ...ROLE, required: true }, name: NAME },
  help: "A person who may log in to the console, with a first password.",
  async run(context, { "e-mail": email, account, role, name = email }) {
    const { password, hash } = await newPassword();
    await change(context, (state) => inviteUser(state, { account, email, name, role, hash }));
    return { record: { account, user: email, role, password }, note: SHOWN_ONCE };
  },
});

const list = command({
  name: "user list",
  args: [],
  options: { account: ANY_ACCOUNT },
  help: `People who may log in to the console. ${LAST_USE_HELP}`,
  async run(context, { account }) {
    const { state, listed } = await settingsOf(context, account);
    const used = await lastUses(context);
    return {
      rows: [...state.users.values()].filter(listed).map((u) => ({
        account: u.account,
        user: u.email,
        name: u.name,
        role: u.role,
        created: new Date(u.createdAt),
        ...used(u.account, "user", u.email),
      })),
    };
  },
});

const changeIt = command({
  name: "user change",
  args: ["e-mail"],
  options: { account: ACCOUNT, role: ROLE, "new-password": { help: "Gives another password" } },
  help: "Another role, another password, or both.",
  async run(context, { "e-mail": email, account, role, "new-password": renew }) {
    if (role === undefined && !renew) {
      throw new UsageError("say what is to change: --role, --new-password, or both");
    }
    const fresh = renew ? await newPassword() : undefined;
    await change(
      context,
      (state) => changeUser(state, { account, email, role, hash: fresh?.hash }),
    );
    return {
      record: { account, user: email, role, password: fresh?.password },
      ...fresh && { note: SHOWN_ONCE },
    };
  },
});

const remove = command({
  name: "user remove",
  args: ["e-mail"],
  options: { account: ACCOUNT },
  help: "The person may log in no longer.",
  async run(context, { "e-mail": email, account }) {
    await change(context, (state) => removeUser(state, { account, email }));
    return { record: { account, removed: email } };
  },
});

export const USER_COMMANDS = [invite, list, changeIt, remove];
