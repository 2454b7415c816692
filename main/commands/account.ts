/** `chappe account …` */
import type { Limits } from "@chappe/src/events";
import {
  type Account,
  accountOf,
  changeAccount,
  createAccount,
  newApiKey,
  newPassword,
  readSettings,
  setLimits,
  type SettingsState,
} from "@chappe/src/settings";
import { UsageError } from "../exit.ts";
import { command } from "./command.ts";
import { change, type Context } from "./context.ts";
import { NAME } from "./options.ts";
import type { Row } from "./output.ts";

/** Id of the API key that an account starts with. */
const FIRST_KEY = "first";

const create = command({
  name: "account create",
  args: ["id"],
  options: {
    sender: { value: "address or domain", multiple: true, help: "What it may send from" },
    name: NAME,
    login: { value: "login", help: "Its first SMTP login; else as the account" },
    user: { value: "e-mail", help: "Invites the first owner to the console" },
  },
  help: "A new account with an SMTP login and an API key (and an owner).",
  async run(context, { id, sender, name = id, login = id, user }) {
    const smtp = await newPassword();
    const key = newApiKey();
    const owner = user === undefined ? null : await newPassword();
    const { facts } = await change(context, (state) =>
      createAccount(state, {
        id,
        name,
        senders: sender,
        smtp: { login, hash: smtp.hash },
        apiKey: { key: FIRST_KEY, name: FIRST_KEY, digest: key.digest },
        user: owner && { email: user!, name: user!, hash: owner.hash },
      }));
    const senders = facts.flatMap((f) =>
      f.type === "settings.sender-authorised" ? [f.data.sender] : []
    );
    return {
      record: {
        account: id,
        login,
        password: smtp.password,
        key: FIRST_KEY,
        apiKey: key.apiKey,
        user,
        userPassword: owner?.password,
        senders,
      },
      note: "Passwords and the API key are shown once: only hashes are kept. Note them now.",
    };
  },
});

const list = command({
  name: "account list",
  args: [],
  options: {},
  help: "All accounts.",
  async run({ events }) {
    const { state } = await readSettings(events);
    return {
      rows: [...state.accounts.values()].map(({ id, name }) => ({
        account: id,
        name,
        senders: [...state.senders.get(id) ?? []],
      })),
    };
  },
});

const show = command({
  name: "account show",
  args: ["id"],
  options: {},
  help: "What an account is and has.",
  run: async (context, { id }) => ({ record: await accountRecord(context, id) }),
});

const switchable = (what: string) => ({ choices: ["on", "off"], help: what }) as const;

const changeIt = command({
  name: "account change",
  args: ["id"],
  options: {
    name: NAME,
    tracking: {
      choices: ["off", "date-only", "full"],
      help: "Records nothing of recipients, only the date of the last open, or all",
    },
    opens: switchable("Pixel, where a message does not say"),
    clicks: switchable("Tracked links, where a message does not say"),
    "list-unsubscribe": {
      choices: ["off", "header", "header-and-footer"],
      help: "How to unsubscribe, where a message does not say",
    },
    "unsubscribe-text": { value: "text", help: "Words of the link in the footer" },
    attachments: {
      choices: ["keep", "link"],
      help: "Whether attachments travel in the mail or behind links, where a message does not say",
    },
  },
  help: "Changes what is named.",
  async run(context, { id, name, tracking: mode, opens, clicks, attachments, ...rest }) {
    const tracking = {
      ...mode && { mode },
      ...opens && { opens: opens === "on" },
      ...clicks && { clicks: clicks === "on" },
    };
    await change(context, (state) =>
      changeAccount(state, {
        account: id,
        name,
        tracking,
        listUnsubscribe: rest["list-unsubscribe"],
        unsubscribeText: rest["unsubscribe-text"],
        attachments,
      }));
    return { record: await accountRecord(context, id) };
  },
});

const number = (what: string) => ({ value: "number or none", help: what }) as const;
const LIMITS = {
  "messages-per-hour": "messagesPerHour",
  "messages-per-day": "messagesPerDay",
  "recipients-per-message": "recipientsPerMessage",
  "message-bytes": "messageBytes",
} as const satisfies Record<string, keyof Limits>;

const limits = command({
  name: "account limits",
  args: ["id"],
  options: {
    "messages-per-hour": number("In each hour of UTC"),
    "messages-per-day": number("In each day of UTC"),
    "recipients-per-message": number("To, Cc and Bcc together"),
    "message-bytes": number("Size of a message"),
  },
  help: "Sets the limits that are named; without any, shows them.",
  async run(context, { id, ...given }) {
    const wanted: Partial<Limits> = {};
    for (const [option, limit] of Object.entries(LIMITS)) {
      const text = given[option as keyof typeof LIMITS];
      if (text !== undefined) wanted[limit] = readLimit(option, text);
    }
    await change(context, (state) => setLimits(state, { account: id, limits: wanted }));
    const { state } = await readSettings(context.events);
    return { record: { account: id, ...accountOf(state, id).limits } };
  },
});

function readLimit(option: string, text: string): number | null {
  if (text === "none") return null;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new UsageError(`--${option} is a whole number from 1, or none; not "${text}"`);
  }
  return value;
}

async function accountRecord({ events }: Context, id: string): Promise<Row> {
  const { state } = await readSettings(events);
  return describe(state, accountOf(state, id));
}

function describe(state: SettingsState, account: Account): Row {
  const { id, name, tracking, listUnsubscribe, unsubscribeText, attachments } = account;
  const own = <T extends { account: string }>(all: ReadonlyMap<string, T>) =>
    [...all.values()].filter((item) => item.account === id);
  return {
    account: id,
    name,
    tracking: tracking.mode,
    opens: tracking.opens,
    clicks: tracking.clicks,
    listUnsubscribe,
    unsubscribeText,
    attachments,
    ...account.limits,
    senders: [...state.senders.get(id) ?? []],
    domains: [...state.domains.get(id)?.keys() ?? []],
    logins: own(state.credentials).map((c) => c.login),
    apiKeys: own(state.apiKeys).map((k) => k.key),
    users: own(state.users).map((u) => u.email),
  };
}

export const ACCOUNT_COMMANDS = [create, list, show, changeIt, limits];
