/** Which copy a feedback report is about, by what only we can have put into it. */
import { type KeyOf, verifyToken } from "@chappe/src/rules";
import type { AddresseeOf } from "./addressee.ts";
import { type Fields, readGroups } from "./fields.ts";
import type { Copy } from "./finding.ts";
import type { Incoming } from "./incoming.ts";
import { feedbackReport } from "./report.ts";

export type CopyReported = (incoming: Incoming) => Copy | null;

/** The message that was complained about, or just its header (RFC 6522 §4). */
const RETURNED = ["message/rfc822", "message/global", "text/rfc822-headers"];
const MAX_HEADER = 64 * 1024;
/** A header of ours names a copy three times; more than this is somebody who tries. */
const MAX_TRIED = 20;

const ADDRESS = /\b[bu]-[a-z2-7]{40,62}@[a-z0-9.-]{1,253}/gi;
const TOKEN = /\/u\/([\w-]{40,4000})/g;

/**
 * Receivers that take complaints out of their users' hands strike out the recipient's address, but
 * leave the return path, List-Unsubscribe or fields of ours in place. Each of them is signed.
 */
export function createCopyReported(addressee: AddresseeOf, keyOf: KeyOf): CopyReported {
  return (incoming) => {
    const report = feedbackReport(incoming);
    if (report === undefined) return null;
    const told = [...readGroups(report), ...returned(incoming)].flatMap(tellingValues).join("\n");
    for (const [address] of told.matchAll(ADDRESS).take(MAX_TRIED)) {
      const found = addressee(address);
      if (found?.kind === "copy") return found.copy;
    }
    for (const [, token] of told.matchAll(TOKEN).take(MAX_TRIED)) {
      const claims = verifyToken(token!, keyOf);
      if (claims?.kind === "unsubscribe") return claims;
    }
    return null;
  };
}

function returned({ parts }: Incoming): Fields[] {
  const part = parts.find(({ type }) => RETURNED.includes(type));
  return part === undefined ? [] : readGroups(part.text(MAX_HEADER)).slice(0, 1);
}

function tellingValues(fields: Fields): string[] {
  return [...fields]
    .filter(([name]) =>
      name === "original-mail-from" || name === "return-path" || name === "list-unsubscribe" ||
      name.startsWith("x-")
    )
    .map(([, value]) => value);
}
