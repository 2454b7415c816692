/** Whether TXT records publish a key so that verifiers find it (RFC 6376 §3.6.1). Pure. */
import type { DkimKey } from "../settings/mod.ts";
import { keyRecord } from "./records.ts";
import { readTags } from "./tags.ts";

/** Null when they do; else what is wrong with them. */
export function keyMistake(values: readonly string[], key: DkimKey): string | null {
  if (values.length > 1) {
    return values.filter((value) => /(^|;)\s*p\s*=/.test(value)).length > 1
      ? `there are ${values.length} TXT records with keys: keep one`
      : `the key is cut into ${values.length} TXT records: it is one record, of several strings if need be`;
  }
  const [value] = values;
  if (value === undefined) return "there is no TXT record";
  if (/^\s*"/.test(value)) {
    return "quotation marks stand in the value itself: enter it without them";
  }
  const tags = readTags(value);
  if (tags === null) {
    return `"${shortened(value)}" is no DKIM key: expected "${shortened(keyRecord(key))}"`;
  }
  const published = tags.get("p")?.replace(/\s/g, "");
  const kind = key.algorithm === "rsa-sha256" ? "rsa" : "ed25519";
  if (published === undefined) return "there is no p=, so no key";
  if (tags.has("v") && (tags.get("v") !== "DKIM1" || !/^\s*v/.test(value))) {
    return "v=DKIM1 must come first, spelt like that";
  }
  if (published === "") return "p= is empty: the key is revoked";
  if ((tags.get("k") ?? "rsa") !== kind) {
    return `k=${tags.get("k") ?? "rsa"}, but the key is ${kind}`;
  }
  if (published !== key.publicKey) return `another key is there: ${difference(published, key)}`;
  if (flags(tags.get("t")).includes("y")) {
    return "t=y says that the domain only tests DKIM, and signatures count for nothing: remove it";
  }
  if (tags.has("h") && !flags(tags.get("h")).includes("sha256")) {
    return `h=${tags.get("h")} does not allow sha256, which we sign with: remove it`;
  }
  if (tags.has("s") && !flags(tags.get("s")).some((s) => s === "*" || s === "email")) {
    return `s=${tags.get("s")} does not allow e-mail: remove it`;
  }
  return null;
}

function difference(published: string, { publicKey }: DkimKey): string {
  if (publicKey.startsWith(published)) {
    return `it ends after ${published.length} of ${publicKey.length} characters, cut short when it was entered`;
  }
  if (!/^[A-Za-z0-9+/=]+$/.test(published)) {
    return "it holds characters that are not of base64, such as quotation marks between its strings";
  }
  return `p=${shortened(published, 20)} instead of p=${shortened(publicKey, 20)}`;
}

/** Both ends, since all RSA keys begin alike. */
function shortened(text: string, length = 60): string {
  const half = length / 2;
  return text.length <= length ? text : `${text.slice(0, half)}…${text.slice(-half)}`;
}

function flags(text: string | undefined): string[] {
  return (text ?? "").split(":").map((flag) => flag.trim());
}
