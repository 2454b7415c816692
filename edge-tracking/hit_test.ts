/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { validate } from "@chappe/src/events";
import { hitEvent, toldBy } from "./hit.ts";

const AT = 1_763_800_000_000;
const CLAIMS = {
  kind: "open",
  account: "demo",
  message: "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071",
  rcpt: 2,
  tag: 77n,
  mode: "full",
  prepared: AT - 1500,
  mailing: null,
} as const;

function opened(headers: Record<string, string>, claims: Partial<typeof CLAIMS> | object = {}) {
  const all = { ...CLAIMS, ...claims };
  const moment = { id: "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6072", at: AT };
  const event = hitEvent(all, moment, toldBy(all, new Headers(headers), "203.0.113.77"));
  const valid = validate({ ...event, recorded: AT });
  assert(valid.type === "engagement.opened");
  return valid.data;
}

Deno.test("what a hit says of itself is kept, and nothing else", () => {
  const told = {
    "accept-language": "fr",
    "sec-ch-ua": '"Chromium";v="142"',
    "sec-ch-ua-mobile": "?1",
    "sec-ch-ua-platform": '"Android"',
    "sec-purpose": "prefetch;prerender",
    "purpose": "preview",
    "x-purpose": "preview",
    "x-moz": "prefetch",
    "sec-fetch-dest": "image",
    "sec-fetch-mode": "no-cors",
    "sec-fetch-site": "cross-site",
    "sec-fetch-user": "?1",
  };
  const others = { "cookie": "a=b", "x-forwarded-for": "203.0.113.77", "authorization": "x" };
  assert.deepEqual(opened({ ...told, ...others }).hints, told);
});

Deno.test("of the page that shows a mail the host is kept", () => {
  const hostOf = (referer: string) => opened({ referer }).hints["referer"];
  assert.equal(hostOf("https://Mail.Example.com:8443/inbox/ann?id=1#x"), "mail.example.com");
  assert.equal(hostOf("https://ann:secret@mail.example.com/"), "mail.example.com");
  for (const other of ["", "inbox", "about:blank", `https://a.example/${"a".repeat(5000)}`]) {
    assert.equal(hostOf(other), undefined, other.slice(0, 20));
  }
});

Deno.test("how long after sending: from the link, never less than nothing, null where it is not told", () => {
  assert.equal(opened({}).sinceSent, 1500);
  assert.equal(opened({}, { prepared: AT + 3000 }).sinceSent, 0);
  assert.equal(opened({}, { prepared: null }).sinceSent, null);
  assert.equal(opened({}, { mode: "date-only" }).sinceSent, 1500);
});
