/** `chappe suppression …` */
import { basename } from "node:path";
import { addSuppression, importSuppressions, removeSuppression } from "@chappe/src/recipients";
import { recipientKey } from "@chappe/src/rules";
import { accountOf, readSettings, RefusedError } from "@chappe/src/settings";
import { UsageError } from "../exit.ts";
import { command } from "./command.ts";
import { type Context, OPERATOR } from "./context.ts";
import { ACCOUNT } from "./options.ts";
import { readSuppressions, suppressionCsv } from "./suppression_list.ts";

/** Rows of a list for people. */
const LISTED = 100;

const add = command({
  name: "suppression add",
  args: ["address"],
  options: {
    account: ACCOUNT,
    reason: {
      choices: ["hard-bounce", "complaint", "unsubscribe", "manual"],
      help: "manual, unless said",
    },
    note: { value: "text", help: "Why, in words" },
  },
  help: "The account sends nothing more to the address.",
  async run(context, { address, account, reason = "manual", note }) {
    const order = await orderOf(context, account);
    const added = addSuppression(order, {
      recipient: address,
      reason,
      source: OPERATOR,
      ...note !== undefined && { note },
    });
    await context.events.append([added]);
    return { record: { account, recipient: added.recipient, reason } };
  },
});

const list = command({
  name: "suppression list",
  args: [],
  options: { account: ACCOUNT, limit: { value: "number", help: `${LISTED}, unless said` } },
  help: "The newest addresses on an account's list.",
  async run(context, { account, limit = String(LISTED) }) {
    if (!/^[1-9]\d{0,6}$/.test(limit)) {
      throw new UsageError(`--limit is a whole number from 1; not "${limit}"`);
    }
    await orderOf(context, account);
    const all = [...(await readSuppressions(context.events, account)).values()];
    const rows = all.slice(-Number(limit)).reverse().map((entry) => ({ ...entry }));
    return {
      rows,
      ...rows.length < all.length && { note: `${rows.length} of ${all.length}: see export` },
    };
  },
});

const remove = command({
  name: "suppression remove",
  args: ["address"],
  options: { account: ACCOUNT },
  help: "The account may send to the address again.",
  async run(context, { address, account }) {
    const removed = removeSuppression(await orderOf(context, account), address);
    const on = await readSuppressions(context.events, account);
    if (!on.has(recipientKey(removed.recipient!))) {
      throw new RefusedError("unknown", `"${address}" is not on the list of account "${account}"`);
    }
    await context.events.append([removed]);
    return { record: { account, removed: removed.recipient } };
  },
});

const importIt = command({
  name: "suppression import",
  args: ["file.csv"],
  options: { account: ACCOUNT },
  help: "Adds the addresses of a file with the columns recipient, reason and note.",
  async run(context, { "file.csv": path, account }) {
    await orderOf(context, account);
    using file = await Deno.open(path);
    const report = await importSuppressions(file.readable, {
      account,
      source: basename(path),
      by: OPERATOR,
      append: (events) => context.events.append(events),
      now: context.now,
    });
    const { added, duplicates, refused, errors } = report;
    return {
      lines: [
        `${added} added, ${duplicates} twice in the file, ${refused} left out`,
        ...errors.map(({ line, error }) => `  line ${line}: ${error}`),
      ],
      json: report,
    };
  },
});

const exportIt = command({
  name: "suppression export",
  args: [],
  options: { account: ACCOUNT },
  help: "The whole list as CSV, oldest first.",
  async run(context, { account }) {
    await orderOf(context, account);
    const all = [...(await readSuppressions(context.events, account)).values()];
    return { lines: suppressionCsv(all), json: all };
  },
});

/** @throws {RefusedError} when there is no such account. */
async function orderOf({ events, now }: Context, account: string) {
  accountOf((await readSettings(events)).state, account);
  return { account, by: OPERATOR, at: now() };
}

export const SUPPRESSION_COMMANDS = [add, list, remove, importIt, exportIt];
