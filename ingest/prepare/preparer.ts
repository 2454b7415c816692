/** One copy per recipient: both forms of the text, links, pixel, unsubscribe, fields, DKIM. */
import { authenticationOf } from "@chappe/src/domains";
import type { BodyStore } from "@chappe/src/log";
import { compile, sign, type SigningEngine, type Template } from "@chappe/src/mail";
import {
  type CopyAddress,
  mailingTag,
  mintCopyAddress,
  recipientTag,
  returnPathDomain,
  type SigningKey,
  tokenMinter,
  type TokenPurpose,
} from "@chappe/src/rules";
import { type LiveSettings, recipientSecret, signingKey } from "@chappe/src/settings";
import type { DeliveryJob, PreparedCopy, Preparer } from "../job.ts";
import { domainOf } from "../routing/mod.ts";
import { missingFields, senderIdOf } from "./fields.ts";
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
  const { optionsName } = parts;
  const remove = [optionsName, "Return-Path"];
  const senderId = senderIdOf(parts.platformDomain);

  async function templateOf(job: DeliveryJob): Promise<Template> {
    const { body, sender } = job.accepted;
    const { opens, clicks } = trackedIn(job);
    const footer = footerOf(job);
    // What comes from the null reverse-path is a notification: it stays as it is.
    const alternative = sender !== "";
    const files = job.files?.linked ?? [];
    const options = { opens, clicks, alternative, footer, remove, optionsName, files };
    const make = async () => compile(await bodies.get(body), options);
    // A message for one is not asked for again but for a retry, hours later.
    return await (job.recipients === 1
      ? make()
      : templates.get(`${opens} ${clicks} ${body} ${footer}`, make));
  }

  /** Words of the link at the end; null for none. */
  function footerOf({ account, accepted: { listUnsubscribe, sender } }: DeliveryJob) {
    if (listUnsubscribe !== "header-and-footer" || sender === "") return null;
    return settings.now.accounts.get(account)?.unsubscribeText ?? null;
  }

  /** Under the sender's domain where that leads to us, so that SPF aligns. */
  function returnDomainOf(account: string, from: string): string {
    const own = ownDomain(settings.now, account, from, speaksFor);
    return own === undefined ? parts.returnDomain : returnPathDomain(own.domain);
  }

  return {
    async prepare(job): Promise<PreparedCopy> {
      const template = await templateOf(job);
      const { account, message, rcpt, accepted } = job;
      const mode = accepted.tracking.mode === "full" ? "full" : "date-only";
      const copy = { account, message, rcpt };
      const tag = recipientTag(recipientSecret(settings), account, job.recipient);
      let key: SigningKey | undefined;
      let minter: ReturnType<typeof tokenMinter> | undefined;
      const mint = (purpose: TokenPurpose) => {
        minter ??= tokenMinter(
          { ...copy, tag, mode, prepared: now(), mailing: mailingOf(job) },
          key ??= signingKey(settings),
        );
        return minter(purpose);
      };
      let page: string | undefined;
      const unsubscribe = () => page ??= `${trackingUrl}/u/${mint({ kind: "unsubscribe" })}`;

      const data = template.fill({
        pixel: trackedIn(job).opens ? `${trackingUrl}/o/${mint({ kind: "open" })}` : null,
        link: (link) =>
          `${trackingUrl}/c/${mint({ kind: "click", link, url: template.links[link]! })}`,
        unsubscribe,
        file: (file) => {
          const { linked, told } = job.files!;
          // Behind all links of the message, where they stand.
          const link = trackedIn(job).clicks ? template.links.length + file : null;
          const { name } = linked[file]!;
          return `${trackingUrl}/f/${mint({ kind: "file", file, name, link, told })}`;
        },
        prepend: missingFields(job, template.fields, {
          senderId,
          unsubscribe,
          unsubscribeAt: () =>
            copyAddress("unsubscribe", copy, parts.returnDomain, key ??= signingKey(settings)),
        }),
      });
      const from = domainOf(accepted.from);
      const signers = signersOf(account, from);
      const domain = accepted.sender === "" ? null : returnDomainOf(account, from);
      return {
        mailFrom: domain === null
          ? ""
          : copyAddress("bounce", copy, domain, key ??= signingKey(settings)),
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

/** Of our own, so that what comes there says which copy it is about. */
function copyAddress(
  purpose: CopyAddress["purpose"],
  copy: Omit<CopyAddress, "purpose">,
  domain: string,
  key: SigningKey,
): string {
  return `${mintCopyAddress({ purpose, ...copy }, key)}@${domain}`;
}

function mailingOf({ account, label }: DeliveryJob): number | null {
  return label === null ? null : mailingTag(account, label);
}

function trackedIn({ accepted: { tracking } }: DeliveryJob): { opens: boolean; clicks: boolean } {
  const on = tracking.mode !== "off";
  return { opens: on && tracking.opens, clicks: on && tracking.clicks };
}
