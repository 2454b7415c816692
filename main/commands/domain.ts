/** `chappe domain …` */
import { checkDomain, conclude, type DnsRecord, recordsOf, zoneLines } from "@chappe/src/domains";
import { generateDkimKey } from "@chappe/src/mail";
import {
  addDomain,
  type Domain,
  domainOf,
  readSettings,
  recordCheck,
  removeDomain,
  rotateKey,
} from "@chappe/src/settings";
import { command } from "./command.ts";
import { change, type Context, openDns, openVault, settingsOf } from "./context.ts";
import { ACCOUNT, ANY_ACCOUNT } from "./options.ts";
import type { Output } from "./output.ts";

const add = command({
  name: "domain add",
  args: ["domain"],
  options: { account: ACCOUNT, ed25519: { help: "Signs with Ed25519 too (RFC 8463)" } },
  help: "Makes keys for an account's domain and says which DNS records to create.",
  async run(context, { domain, account, ed25519 = false }) {
    const vault = await openVault(context);
    await change(
      context,
      (state) => addDomain(state, { account, domain, ed25519, generate: generateDkimKey, vault }),
    );
    const records = recordsOf(await find(context, account, domain), context.config);
    return {
      ...describe(records),
      note: "The owner of the domain creates these records. Publish what `chappe domain zone` " +
        "prints, then try `chappe domain check`.",
    };
  },
});

const list = command({
  name: "domain list",
  args: [],
  options: { account: ANY_ACCOUNT },
  help: "Domains, and what is known of their DNS.",
  async run(context, { account }) {
    const { state, listed } = await settingsOf(context, account);
    return {
      rows: [...state.domains.values()].flatMap((own) => [...own.values()]).filter(listed)
        .map((d) => ({
          account: d.account,
          domain: d.domain,
          verified: [...d.verifiedSelectors],
          returnPath: d.returnPath,
          ed25519: d.ed25519,
          checked: d.checkedAt === null ? null : new Date(d.checkedAt),
        })),
    };
  },
});

const show = command({
  name: "domain show",
  args: ["domain"],
  options: { account: ACCOUNT },
  help: "The DNS records that a domain needs, and which of them were found when last asked.",
  async run(context, { domain, account }) {
    const own = await find(context, account, domain);
    return describe(
      recordsOf(own, context.config).map((record) => ({
        ...record,
        status: known(own, record),
      })),
    );
  },
});

const check = command({
  name: "domain check",
  args: ["domain"],
  options: { account: ACCOUNT },
  help: "Asks the DNS now, says what is there and what is wrong, and remembers it.",
  async run(context, { domain, account }) {
    const own = await find(context, account, domain);
    const found = await checkDomain({
      domain: own,
      installation: context.config,
      dns: openDns(context),
    });
    const { findings } = conclude(own, found, new Map(), context.now());
    await change(context, (state) => recordCheck(state, findings));
    return describe(found.records);
  },
});

const rotate = command({
  name: "domain rotate",
  args: ["domain"],
  options: { account: ACCOUNT },
  help: "A new key under the selector that does not sign; it signs once a check has found it.",
  async run(context, { domain, account }) {
    const vault = await openVault(context);
    const { facts } = await change(
      context,
      (state) =>
        rotateKey(state, { account, domain, now: context.now(), generate: generateDkimKey, vault }),
    );
    const selectors = facts.flatMap((f) =>
      f.type === "settings.dkim-key-created" ? [f.data.selector] : []
    );
    return {
      record: { account, domain, newKeys: selectors },
      note: "Publish what `chappe domain zone` prints, then try `chappe domain check`.",
    };
  },
});

const remove = command({
  name: "domain remove",
  args: ["domain"],
  options: { account: ACCOUNT },
  help: "Forgets a domain and its keys. Its senders stay: see sender remove.",
  async run(context, { domain, account }) {
    await change(context, (state) => removeDomain(state, { account, domain }));
    return { record: { account, removed: domain } };
  },
});

const zone = command({
  name: "domain zone",
  args: [],
  options: {},
  help: "Lines for the installation's own zone file: what the records of all domains lead to.",
  async run({ events, config }) {
    const { state } = await readSettings(events);
    const lines = zoneLines(state, config);
    return { lines, json: { lines } };
  },
});

async function find({ events }: Context, account: string, domain: string): Promise<Domain> {
  return domainOf((await readSettings(events)).state, account, domain);
}

/** What was found when last asked; nothing is kept of a domain's DMARC record. */
function known(own: Domain, { purpose, selector }: DnsRecord): string {
  if (purpose === "dmarc") return "advice";
  const found = purpose === "dkim" ? own.verifiedSelectors.has(selector!) : own.returnPath;
  return found ? "ok" : own.checkedAt === null ? "never checked" : "not found";
}

function describe(
  records: readonly (DnsRecord & { status?: string; reason?: string })[],
): Output {
  const lines = records.flatMap(({ purpose, name, type, value, status, reason }) => [
    [purpose, ...status === undefined ? [] : [`(${status})`]].join(" "),
    `  ${name}  ${type}  ${value}`,
    ...reason === undefined ? [] : [`  ${reason}`],
  ]);
  return { lines, json: records };
}

export const DOMAIN_COMMANDS = [add, list, show, check, rotate, remove, zone];
