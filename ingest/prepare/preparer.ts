/** One copy per recipient: links, pixel, unsubscribe, missing fields, DKIM. */
import { authenticationOf } from "@chappe/src/domains";
import type { BodyStore } from "@chappe/src/log";
import { compile, sign, type SigningEngine, type Template } from "@chappe/src/mail";
import {
  type CopyAddress,
  mintCopyAddress,
  mintToken,
  recipientTag,
  returnPathDomain,
  type SigningKey,
  type TokenClaims,
} from "@chappe/src/rules";
import { type LiveSettings, recipientSecret } from "@chappe/src/settings";
import type { DeliveryJob, PreparedCopy, Preparer } from "../job.ts";
import { domainOf } from "../routing/mod.ts";
import { missingFields } from "./fields.ts";
import { ownDomain, speaksFor } from "./own_domain.ts";
import { createSigners } from "./signers.ts";
import { createTemplateCache } from "./templates.ts";

export interface PreparerParts {
  bodies: Pick<BodyStore, "get">;
  settings: Pick<LiveSettings, "now" | "unseal">;
  /** Where the edge is reached, without a slash at the end. */
  trackingUrl: string;
  /** Signs for domains that have no DKIM key of their own. */
  platformDomain: string;
  /** Domain of the return paths of mail whose own domain has none; it comes back to our inbound listener. */
  returnDomain: string;
  /** Name of the field senders hand us options in; never sent on. */
  optionsName: string;
  engine: SigningEngine;
  now: () => number;
  /** Bytes of templates to keep. */
  cacheBytes?: number;
}

const CACHE_BYTES = 64 * 1024 * 1024;

export function createPreparer(parts: PreparerParts): Preparer {
  const { bodies, settings, trackingUrl, engine, now } = parts;
  const templates = createTemplateCache(parts.cacheBytes ?? CACHE_BYTES);
  const signersOf = createSigners(settings, engine, parts.platformDomain);
  const remove = [parts.optionsName, "Return-Path"];

  async function templateOf(job: DeliveryJob): Promise<Template> {
    const { body } = job.accepted;
    const { opens, clicks } = trackedIn(job);
    const make = async () => compile(await bodies.get(body), { opens, clicks, remove });
    // A message for one is not asked for again but for a retry, hours later.
    return await (job.recipients === 1
      ? make()
      : templates.get(`${opens} ${clicks} ${body}`, make));
  }

  function tokenKey(): SigningKey {
    const key = [...settings.now.tokenKeys.values()].at(-1);
    if (key === undefined) throw new Error("there is no key for tracking tokens");
    return { kid: key.kid, secret: settings.unseal(key.secret) };
  }

  /** Under the sender's domain where that leads to us, so that SPF aligns. */
  function returnDomainOf(account: string, from: string): string {
    const own = ownDomain(settings.now, account, from, speaksFor);
    return own === undefined ? parts.returnDomain : returnPathDomain(own.domain);
  }

  /** Of our own, so that what comes back says which copy it is about. */
  function returnPath(copy: CopyAddress, domain: string, key: SigningKey): string {
    return `${mintCopyAddress(copy, key)}@${domain}`;
  }

  return {
    async prepare(job): Promise<PreparedCopy> {
      const template = await templateOf(job);
      const { account, message, rcpt, accepted } = job;
      const mode = accepted.tracking.mode === "full" ? "full" : "date-only";
      const copy = { account, message, rcpt };
      const tag = recipientTag(recipientSecret(settings), account, job.recipient);
      const claims = { ...copy, tag, mode } as const;
      let key: SigningKey | undefined;
      const mint = (own: TokenClaims) => mintToken(own, key ??= tokenKey());

      const data = template.fill({
        pixel: trackedIn(job).opens
          ? `${trackingUrl}/o/${mint({ ...claims, kind: "open" })}`
          : null,
        link: (link) => {
          const url = template.links[link]!;
          return `${trackingUrl}/c/${mint({ ...claims, kind: "click", link, url })}`;
        },
        prepend: missingFields(
          job,
          template.fields,
          () => `${trackingUrl}/u/${mint({ ...claims, kind: "unsubscribe" })}`,
        ),
      });
      const from = domainOf(accepted.from);
      const signers = signersOf(account, from);
      const domain = accepted.sender === "" ? null : returnDomainOf(account, from);
      return {
        mailFrom: domain === null ? "" : returnPath(
          { purpose: "bounce", ...copy },
          domain,
          key ??= tokenKey(),
        ),
        data: await sign(data, signers, now()),
        authentication: authenticationOf({
          from,
          dkim: signers.map((signer) => signer.domain),
          spf: domain === null ? null : { domain, verified: true },
        }),
      };
    },
  };
}

function trackedIn({ accepted: { tracking } }: DeliveryJob): { opens: boolean; clicks: boolean } {
  const on = tracking.mode !== "off";
  return { opens: on && tracking.opens, clicks: on && tracking.clicks };
}
