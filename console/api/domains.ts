/** Domains that an account says are its own: the DNS records to create, and whether they are there. */
import { checkDomain, conclude, type DomainCheck } from "@chappe/src/domains";
import {
  addDomain,
  type Domain,
  domainOf,
  normaliseDomain,
  recordCheck,
  removeDomain,
  rotateKey,
} from "@chappe/src/settings";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { change, type ChangeDeps } from "./change.ts";
import { allOf, iso, locationOf, pageOf, Time } from "./lists.ts";
import { type Route, route } from "./route.ts";

const DomainItem = z.strictObject({
  domain: z.string(),
  ed25519: z.boolean().describe("Whether it signs with Ed25519 too (RFC 8463)"),
  verified: z.boolean().describe("Whether DNS led to a key: mail from the domain is signed for it"),
  verifiedSelectors: z.array(z.string()),
  returnPath: z.boolean().describe("Whether DNS led the custom return path to us"),
  checkedAt: Time.nullable().describe("When what is known last changed"),
});
const DomainPage = pageOf(DomainItem);

const RecordShape = z.strictObject({
  purpose: z.enum(["return-path", "dkim", "dmarc"]),
  selector: z.string().nullable(),
  name: z.string(),
  type: z.enum(["CNAME", "TXT"]),
  value: z.string(),
  targets: z.array(z.strictObject({ type: z.enum(["TXT", "MX"]), value: z.string() }))
    .describe("What the operator of the installation publishes where `value` leads"),
  status: z.enum(["ok", "missing", "wrong", "unavailable", "advice"]).describe("In DNS, just now"),
  reason: z.string().describe("What was found, and what to do about it"),
});

const DomainShape = z.strictObject({
  ...DomainItem.shape,
  records: z.array(RecordShape).describe(
    "The records to create, and what DNS says of each just now",
  ),
});

const NewDomain = z.strictObject({
  domain: z.string().max(253),
  ed25519: z.boolean().default(false).describe("Sign with Ed25519 too: two more records"),
});

const item = (domain: Domain): z.infer<typeof DomainItem> => ({
  domain: domain.domain,
  ed25519: domain.ed25519,
  verified: domain.verifiedSelectors.size > 0,
  verifiedSelectors: [...domain.verifiedSelectors].sort(),
  returnPath: domain.returnPath,
  checkedAt: domain.checkedAt === null ? null : iso(domain.checkedAt),
});

/** In the order of the schema, so that answers do not depend on how a check puts it together. */
const shape = (domain: Domain, check: DomainCheck): z.infer<typeof DomainShape> => ({
  ...item(domain),
  records: check.records.map((
    { purpose, selector, name, type, value, targets, status, reason },
  ) => ({ purpose, selector, name, type, value, targets: [...targets], status, reason })),
});

export function domains(
  deps: ChangeDeps & Pick<ConsoleDeps, "keys" | "dns" | "installation">,
): Route[] {
  const { settings, keys, dns, installation, now } = deps;
  const answer = { status: 200, name: "Domain", schema: DomainShape } as const;

  const checked = async (account: string, name: string) => {
    const domain = domainOf(settings.now, account, name);
    return shape(domain, await checkDomain({ domain, installation, dns }));
  };

  return [
    route({
      method: "get",
      path: "/domains",
      id: "listDomains",
      summary: "Domains, and what is known of their DNS",
      role: "analyst",
      answer: { status: 200, name: "DomainPage", schema: DomainPage },
      handle: ({ account }) =>
        allOf((settings.now.domains.get(account) ?? new Map()).values().map(item)),
    }),
    route({
      method: "post",
      path: "/domains",
      id: "addDomain",
      summary: "Adds a domain with its keys, and tells the records to create",
      role: "operator",
      body: NewDomain,
      answer: { ...answer, status: 201 },
      async handle({ c, account, by, body: { domain, ed25519 } }) {
        await change(
          deps,
          by,
          (state) => addDomain(state, { account, domain, ed25519, ...keys }),
        );
        c.header("Location", locationOf(c.req.path, normaliseDomain(domain)));
        return await checked(account, domain);
      },
    }),
    route({
      method: "get",
      path: "/domains/{domain}",
      id: "getDomain",
      summary: "The records to create, what DNS says of each just now, and why",
      role: "analyst",
      answer,
      handle: ({ account, param }) => checked(account, param("domain")),
    }),
    route({
      method: "post",
      path: "/domains/{domain}/check",
      id: "checkDomain",
      summary: "Asks DNS and records what it says: what is there counts from now on",
      role: "operator",
      answer,
      async handle({ account, by, param }) {
        const asked = domainOf(settings.now, account, param("domain"));
        const check = await checkDomain({ domain: asked, installation, dns });
        const { findings } = conclude(asked, check, new Map(), now());
        await change(deps, by, (state) => recordCheck(state, findings));
        return shape(domainOf(settings.now, account, asked.domain), check);
      },
    }),
    route({
      method: "post",
      path: "/domains/{domain}/rotate",
      id: "rotateKey",
      summary: "A new key in the place of the older one; it signs once a check has found it",
      role: "operator",
      repeatable: false,
      answer,
      async handle({ account, by, param }) {
        const domain = param("domain");
        await change(
          deps,
          by,
          (state) => rotateKey(state, { account, domain, now: now(), ...keys }),
        );
        return await checked(account, domain);
      },
    }),
    route({
      method: "delete",
      path: "/domains/{domain}",
      id: "removeDomain",
      summary: "Removes a domain and its keys; authorised senders stay",
      role: "operator",
      answer: { status: 204 },
      async handle({ account, by, param }) {
        const domain = param("domain");
        await change(deps, by, (state) => removeDomain(state, { account, domain }));
      },
    }),
  ];
}
