/** `chappe sender …` */
import { authoriseSender, normaliseSender, withdrawSender } from "@chappe/src/settings";
import { command } from "./command.ts";
import { change, settingsOf } from "./context.ts";
import { ACCOUNT, ANY_ACCOUNT } from "./options.ts";

const add = command({
  name: "sender add",
  args: ["sender"],
  options: { account: ACCOUNT },
  help: "Allows an account to send from an address, or from all addresses at a domain.",
  async run(context, { sender, account }) {
    await change(context, (state) => authoriseSender(state, { account, sender, mayAny: true }));
    return { record: { account, sender: normaliseSender(sender) } };
  },
});

const list = command({
  name: "sender list",
  args: [],
  options: { account: ANY_ACCOUNT },
  help: "Addresses and domains that accounts may send from.",
  async run(context, { account }) {
    const { state, listed } = await settingsOf(context, account);
    return {
      rows: [...state.senders]
        .flatMap(([account, senders]) => [...senders].map((sender) => ({ account, sender })))
        .filter(listed),
    };
  },
});

const remove = command({
  name: "sender remove",
  args: ["sender"],
  options: { account: ACCOUNT },
  help: "Takes an address or a domain off the account's list.",
  async run(context, { sender, account }) {
    await change(context, (state) => withdrawSender(state, { account, sender }));
    return { record: { account, removed: normaliseSender(sender) } };
  },
});

export const SENDER_COMMANDS = [add, list, remove];
