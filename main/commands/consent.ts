/** `chappe consent …` */
import { type ConsentOrder, giveConsent, withdrawConsent } from "@chappe/src/recipients";
import { accountOf, readSettings, recipientSecret } from "@chappe/src/settings";
import { command } from "./command.ts";
import { type Context, openVault, OPERATOR } from "./context.ts";
import { ACCOUNT } from "./options.ts";

const withdraw = command({
  name: "consent withdraw",
  args: ["address"],
  options: { account: ACCOUNT },
  help: "No open or click of this recipient is recorded any more, on mail already sent neither.",
  async run(context, { address, account }) {
    const event = withdrawConsent(await orderOf(context, account), address);
    await context.events.append([event]);
    return { record: { account, recipient: event.recipient, tracked: false } };
  },
});

const give = command({
  name: "consent give",
  args: ["address"],
  options: { account: ACCOUNT },
  help: "The recipient agrees to be tracked again.",
  async run(context, { address, account }) {
    const event = giveConsent(await orderOf(context, account), address);
    await context.events.append([event]);
    return { record: { account, recipient: event.recipient, tracked: true } };
  },
});

async function orderOf(context: Context, account: string): Promise<ConsentOrder> {
  const { state } = await readSettings(context.events);
  accountOf(state, account);
  const { unseal } = await openVault(context);
  const secret = recipientSecret({ now: state, unseal });
  return { account, by: OPERATOR, at: context.now(), secret, source: "operator" };
}

export const CONSENT_COMMANDS = [withdraw, give];
