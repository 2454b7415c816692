import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { authenticate } from "mailauth";
import PostalMime from "postal-mime";
import type { MessageAccepted, Tracking } from "@chappe/src/events";
import { BodyGoneError } from "@chappe/src/log";
import { createNodeEngine, findFiles, generateDkimKey } from "@chappe/src/mail";
import { mailingTag, readCopyAddress, recipientTag, verifyToken } from "@chappe/src/rules";
import {
  type DkimKey,
  type Domain,
  type LiveSettings,
  NO_LIMITS,
  NO_SETTINGS,
  type SettingsState,
} from "@chappe/src/settings";
import type { DeliveryJob } from "../job.ts";
import { senderIdOf } from "./fields.ts";
import { createPreparer } from "./mod.ts";
import { createTemplateCache } from "./templates.ts";

const bytes = new TextEncoder();
const text = (data: Uint8Array) => new TextDecoder("latin1").decode(data);
const MESSAGE = "01890a5d-ac96-774b-bcce-b302099a8057";
const EDGE = "http://edge.example";
const SECRET = bytes.encode("s".repeat(32));

const HTML = `From: Ann <ann@example.com>
To: bob@example.org
Bcc: eve@example.org
X-EFIDEM-HEADERS: {"billingCode": "b"}
Return-Path: <x@example.com>
Subject: News
Content-Type: text/html

<a href="https://shop.example/one">1</a> <a href="https://shop.example/two">2</a></body>
`.replaceAll("\n", "\r\n");

const pems = {
  rsa: await generateDkimKey("rsa-sha256"),
  ed: await generateDkimKey("ed25519-sha256"),
  platform: await generateDkimKey("rsa-sha256"),
};

function dkimKey(domain: string, name: keyof typeof pems, selector: string = name): DkimKey {
  return {
    domain,
    selector,
    algorithm: name === "ed" ? "ed25519-sha256" : "rsa-sha256",
    publicKey: pems[name].publicKeyBase64,
    privateKey: pems[name].privateKeyPem,
    createdAt: 0,
  };
}

const KEYS = [
  dkimKey("example.com", "platform", "old"),
  dkimKey("example.com", "rsa"),
  dkimKey("example.com", "ed"),
  dkimKey("platform.example", "platform"),
];

/** Settings that hold still; nothing is sealed, the text is the secret. */
function settingsWith(state: Partial<SettingsState> = {}): Pick<LiveSettings, "now" | "unseal"> {
  const own = (account: string, domain: string): [string, Map<string, Domain>] => {
    const keys = KEYS.filter((key) => key.domain === domain);
    const verifiedSelectors = new Set(keys.map((key) => key.selector));
    const facts = { ed25519: true, returnPath: false, checkedAt: 0 };
    return [account, new Map([[domain, { account, domain, keys, verifiedSelectors, ...facts }]])];
  };
  const domains = new Map([own("demo", "example.com"), own("platform", "platform.example")]);
  const times = { createdAt: 0, retiredAt: null };
  const tokenKeys = new Map([
    [1, { kid: 1, secret: "old", ...times }],
    [7, { kid: 7, secret: "new", ...times }],
  ]);
  const secrets = new Map([["new", SECRET]]);
  return {
    now: { ...NO_SETTINGS, domains, tokenKeys, ...state },
    unseal: (sealed) => secrets.get(sealed) ?? bytes.encode(sealed),
  };
}

function setUp(raw = HTML, state: Partial<SettingsState> = {}) {
  let reads = 0;
  const preparer = createPreparer({
    bodies: {
      async get(reference) {
        reads++;
        if (reference !== "body") throw new BodyGoneError(reference);
        return bytes.encode(raw);
      },
    },
    settings: settingsWith(state),
    trackingUrl: EDGE,
    platformDomain: "platform.example",
    returnDomain: "bounces.platform.example",
    optionsName: "X-EFIDEM-HEADERS",
    engine: createNodeEngine(),
    now: () => Date.UTC(2026, 10, 22),
  });
  return { preparer, reads: () => reads };
}

function job(
  accepted: Partial<MessageAccepted> = {},
  rest: Partial<DeliveryJob> = {},
): DeliveryJob {
  return {
    account: "demo",
    message: MESSAGE,
    rcpt: 3,
    recipient: "bob@example.org",
    kind: "to",
    attempt: 1,
    acceptedAt: Date.UTC(2026, 10, 22, 5, 36, 52),
    cause: MESSAGE,
    recipients: 1,
    accepted: {
      sender: "bounces@example.com",
      from: "ann@example.com",
      messageId: "made@platform.example",
      body: "body",
      size: HTML.length,
      tracking: { mode: "full", opens: true, clicks: true },
      listUnsubscribe: "header",
      smtputf8: false,
      ...accepted,
    },
    label: null,
    ...rest,
  };
}

const headerOf = (data: Uint8Array) => text(data).split("\r\n\r\n")[0]!;
const claimsOf = (url: string | undefined) =>
  verifyToken(url!.split("/").at(-1)!, (kid) => kid === 7 ? SECRET : undefined);

async function signatures(data: Uint8Array): Promise<string[]> {
  const { dkim } = await authenticate(Buffer.from(data), {
    resolver: async (name) => {
      const key = KEYS.find((k) => name === `${k.selector}._domainkey.${k.domain}`);
      if (key === undefined) throw Object.assign(new Error("none"), { code: "ENOTFOUND" });
      const kind = key.algorithm === "rsa-sha256" ? "rsa" : "ed25519";
      return [[`v=DKIM1; k=${kind}; p=${key.publicKey}`]];
    },
    ip: "192.0.2.1",
    helo: "mx.example.com",
    sender: "ann@example.com",
    mta: "mx.example.org",
    disableArc: true,
    disableDmarc: true,
    disableBimi: true,
  });
  return dkim.results.map((r) => `${r.selector}.${r.signingDomain} ${r.status.result}`).sort();
}

Deno.test("a copy carries pixel, links and unsubscribe of its recipient, and verifies", async () => {
  const copy = await setUp().preparer.prepare(job());
  const [localPart, returnDomain] = copy.mailFrom.split("@");
  assert.equal(returnDomain, "bounces.platform.example");
  assert.deepEqual(
    readCopyAddress(localPart!, (kid) => kid === 7 ? SECRET : undefined, () => ["demo"]),
    { purpose: "bounce", account: "demo", message: MESSAGE, rcpt: 3 },
  );
  assert.deepEqual(await signatures(copy.data), ["ed.example.com pass", "rsa.example.com pass"]);

  const tag = recipientTag(bytes.encode("old"), "demo", job().recipient);
  const prepared = Date.UTC(2026, 10, 22);
  const copyOf = { account: "demo", message: MESSAGE, rcpt: 3 };
  const who = { ...copyOf, tag, mode: "full", prepared, mailing: null };
  const html = (await PostalMime.parse(copy.data)).html ?? "";
  const urls = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map((m) => m[1]!);
  assert.deepEqual(urls.map((url) => url.slice(0, EDGE.length + 3)), [
    `${EDGE}/c/`,
    `${EDGE}/c/`,
    `${EDGE}/o/`,
  ]);
  assert.deepEqual(claimsOf(urls[0]), {
    ...who,
    kind: "click",
    link: 0,
    url: "https://shop.example/one",
  });
  assert.deepEqual(claimsOf(urls[1]), {
    ...who,
    kind: "click",
    link: 1,
    url: "https://shop.example/two",
  });
  assert.deepEqual(claimsOf(urls[2]), { ...who, kind: "open" });

  const header = headerOf(copy.data);
  const [, unsubscribe, address, domain] =
    /^List-Unsubscribe: <(http:\/\/edge.example\/u\/[\w-]+)>,\r\n <mailto:([^@]+)@([^?]+)\?subject=unsubscribe>\r$/m
      .exec(header)!;
  assert.deepEqual(claimsOf(unsubscribe), { ...who, kind: "unsubscribe" });
  assert.deepEqual(
    readCopyAddress(address!, (kid) => kid === 7 ? SECRET : undefined, () => ["demo"]),
    { purpose: "unsubscribe", account: "demo", message: MESSAGE, rcpt: 3 },
  );
  assert.equal(domain, "bounces.platform.example");
  assert.match(header, /^Feedback-ID: -:demo:relay:platformexample\r$/m);
  assert.match(header, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);
  assert.match(header, /^Date: Sun, 22 Nov 2026 05:36:52 \+0000$/m);
  assert.match(header, /^Message-ID: <made@platform.example>$/m);
  assert.ok(!/^(bcc|x-efidem-headers|return-path):/mi.test(header));
});

Deno.test("links say what mailing they belong to, without its name", async () => {
  const copy = await setUp().preparer.prepare(job({}, { label: "spring" }));
  const html = (await PostalMime.parse(copy.data)).html ?? "";
  const urls = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map((m) => m[1]!);
  const mailing = mailingTag("demo", "spring");
  assert.deepEqual(urls.map((url) => claimsOf(url)?.mailing), [mailing, mailing, mailing]);
});

Deno.test("a copy made again is the same message", async () => {
  const { preparer } = setUp();
  assert.deepEqual(await preparer.prepare(job()), await preparer.prepare(job({}, { attempt: 2 })));
});

Deno.test("what the message has is not added", async () => {
  const own = "Date: x\r\nMessage-ID: <own@x>\r\nList-Unsubscribe: <mailto:u@example.com>\r\n";
  const copy = await setUp(own + HTML).preparer.prepare(job());
  const header = headerOf(copy.data);
  for (const name of ["Date", "Message-ID", "List-Unsubscribe"]) {
    assert.equal(header.match(new RegExp(`^${name}:`, "gm"))?.length, 1, name);
  }
  assert.ok(!header.includes("One-Click"));
});

for (
  const [name, tracking, links, pixels] of [
    ["off", { mode: "off", opens: true, clicks: true }, 0, 0],
    ["opens only", { mode: "full", opens: true, clicks: false }, 0, 1],
    ["clicks only", { mode: "date-only", opens: false, clicks: true }, 2, 0],
  ] as const
) {
  Deno.test(`tracking ${name}`, async () => {
    const data = text((await setUp().preparer.prepare(job({ tracking }))).data);
    assert.equal(data.split(`${EDGE}/c/`).length - 1, links);
    assert.equal(data.split(`${EDGE}/o/`).length - 1, pixels);
    const unsubscribe = /<(\S+\/u\/\S+)>/.exec(data)![1];
    assert.equal(claimsOf(unsubscribe)!.mode, tracking.mode === "full" ? "full" : "date-only");
    if (links === 2) assert.equal(claimsOf(/href="([^"]+)"/.exec(data)![1])!.mode, "date-only");
  });
}

const WITH_FILE = `From: Ann <ann@example.com>
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html

<a href="https://shop.example/one">1</a>
--b
Content-Type: application/pdf
Content-Disposition: attachment; filename="Price list.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--b--
`.replaceAll("\n", "\r\n");

Deno.test("a file is linked to with its place in the log; what is not tracked is not recorded", async () => {
  const linked = findFiles(bytes.encode(WITH_FILE), "X-EFIDEM-HEADERS");
  const told = { seq: 77, index: 3 };
  const claimsWith = async (tracking: Tracking) => {
    const { preparer } = setUp(WITH_FILE);
    const { data } = await preparer.prepare(job({ tracking }, { files: { linked, told } }));
    assert.deepEqual(await signatures(data), ["ed.example.com pass", "rsa.example.com pass"]);
    const { html = "", text: plain = "", attachments } = await PostalMime.parse(data);
    assert.deepEqual(attachments, []);
    const [, url] = /<a href="([^"]+\/f\/[^"]+)"[^>]*>Price list\.pdf<\/a>/.exec(html)!;
    assert.ok(plain.includes(url!));
    return claimsOf(url);
  };
  const file = { kind: "file", file: 0, name: "Price list.pdf", told } as const;
  const claims = await claimsWith({ mode: "full", opens: true, clicks: true });
  const tag = recipientTag(bytes.encode("old"), "demo", job().recipient);
  const copyOf = { account: "demo", message: MESSAGE, rcpt: 3, tag, mailing: null };
  assert.deepEqual(claims, {
    ...copyOf,
    ...file,
    mode: "full",
    prepared: Date.UTC(2026, 10, 22),
    link: 1,
  });
  for (
    const tracking of [
      { mode: "full", opens: true, clicks: false },
      { mode: "off", opens: true, clicks: true },
    ] as const
  ) {
    const claims = await claimsWith(tracking);
    assert.ok(claims?.kind === "file" && claims.link === null);
  }
});

Deno.test("a link at the end where the account wants one, in its words", async () => {
  const account = {
    id: "demo",
    name: "Demo",
    tracking: { mode: "full", opens: true, clicks: true },
    listUnsubscribe: "header",
    unsubscribeText: "Plus de courrier",
    attachments: "keep",
    limits: NO_LIMITS,
  } as const;
  const { preparer } = setUp(HTML, { accounts: new Map([["demo", account]]) });
  const { data } = await preparer.prepare(job({ listUnsubscribe: "header-and-footer" }));
  const { html = "", text: plain = "" } = await PostalMime.parse(data);
  const [, url] = /<a href="([^"]+)"[^>]*>Plus de courrier<\/a>/.exec(html)!;
  assert.equal(claimsOf(url)!.kind, "unsubscribe");
  assert(plain.includes(`Plus de courrier: ${url}`));
  assert(headerOf(data).includes(`<${url}>`), "the same page as in the header");
  for (const listUnsubscribe of ["header", "off"] as const) {
    const { data } = await preparer.prepare(job({ listUnsubscribe }));
    assert(!text(data).includes("Plus de courrier"), listUnsubscribe);
  }
});

Deno.test("a placeholder becomes the recipient's page in every mode, whatever is tracked", async () => {
  const raw = HTML.replace("https://shop.example/two", "{{unsubscribe}}");
  for (const listUnsubscribe of ["off", "header", "header-and-footer"] as const) {
    for (const mode of ["off", "full"] as const) {
      const tracking = { mode, opens: true, clicks: true };
      const { data } = await setUp(raw).preparer.prepare(job({ listUnsubscribe, tracking }));
      const { html = "" } = await PostalMime.parse(data);
      const claims = claimsOf(/href="([^"]+)">2</.exec(html)![1]);
      assert.equal(claims!.kind, "unsubscribe");
      assert.equal(claims!.mode, mode === "full" ? "full" : "date-only");
    }
  }
});

Deno.test("Feedback-ID: four fields, whatever the names, and the sender's own before ours", async () => {
  const feedback = async (label: string | null, account = "demo", raw = HTML) => {
    const { data } = await setUp(raw).preparer.prepare(job({}, { label, account }));
    return headerOf(data).match(/^Feedback-ID: .*(?=\r$)/gm);
  };
  assert.deepEqual(await feedback(null), ["Feedback-ID: -:demo:relay:platformexample"]);
  assert.deepEqual(await feedback("été: 10 €\r\nBcc: x", "a b"), [
    "Feedback-ID: ete-10-Bcc-x:a-b:relay:platformexample",
  ]);
  const [long] = (await feedback("x".repeat(300)))!;
  assert(long!.length < 100);
  assert.deepEqual(await feedback("b", "demo", `Feedback-ID: own:x\r\n${HTML}`), [
    "Feedback-ID: own:x",
  ]);
  assert.equal(senderIdOf("mta-1.a-long-name.example.com"), "nameexamplecom".padStart(15, "g"));
});

Deno.test("a notification from the null reverse-path keeps its one form", async () => {
  const raw = "From: a@example.com\r\nDate: x\r\n\r\nNot delivered.\r\n";
  const { data } = await setUp(raw).preparer.prepare(
    job({ sender: "", listUnsubscribe: "header-and-footer" }),
  );
  assert(text(data).endsWith("\r\n\r\nNot delivered.\r\n"));
});

Deno.test("the longest names make no header line longer than it may be", async () => {
  const account = "é".repeat(127);
  const { data } = await setUp().preparer.prepare(job({}, { account, label: "x".repeat(256) }));
  for (const line of headerOf(data).split("\r\n")) assert(line.length <= 998, line);
});

Deno.test("List-Unsubscribe stays away where the account does not want it", async () => {
  const { data } = await setUp().preparer.prepare(job({ listUnsubscribe: "off" }));
  assert.ok(!/^List-Unsubscribe/m.test(headerOf(data)));
});

Deno.test("the platform signs for domains without a key; with no key at all nobody does", async () => {
  const other = job({ from: "x@other.example" });
  const signed = await setUp().preparer.prepare(other);
  assert.deepEqual(await signatures(signed.data), ["platform.platform.example pass"]);
  const bare = await setUp(HTML, { domains: new Map() }).preparer.prepare(other);
  assert.ok(!headerOf(bare.data).includes("DKIM-Signature"));
});

Deno.test("a message for many is read once, however many ask at once", async () => {
  const { preparer, reads } = setUp();
  const copies = await Promise.all(
    Array.from({ length: 20 }, (_, rcpt) => preparer.prepare(job({}, { rcpt, recipients: 20 }))),
  );
  assert.equal(reads(), 1);
  assert.equal(new Set(copies.map((copy) => text(copy.data))).size, 20);
});

Deno.test("mail from the null reverse-path goes on from it: nothing may come back", async () => {
  const copy = await setUp().preparer.prepare(job({ sender: "" }));
  assert.equal(copy.mailFrom, "");
});

Deno.test("a body that is gone is reported as such, and asked for again next time", async () => {
  const { preparer, reads } = setUp();
  const gone = job({ body: "other" }, { recipients: 2 });
  await assert.rejects(preparer.prepare(gone), BodyGoneError);
  await assert.rejects(preparer.prepare(gone), BodyGoneError);
  assert.equal(reads(), 2);
});

Deno.test("without a token key there is no tracked copy", async () => {
  const { preparer } = setUp(HTML, { tokenKeys: new Map() });
  await assert.rejects(preparer.prepare(job()), /no key for tracking tokens/);
});

Deno.test("templates are kept within bounds, the longest unused going first", async () => {
  const cache = createTemplateCache(100);
  let made = 0;
  const ask = (key: string, weight = 40) =>
    cache.get(key, async () => {
      made++;
      return { links: [], fields: new Set(), weight, fill: () => new Uint8Array() };
    });
  await ask("a");
  await ask("b");
  await ask("a");
  await ask("c");
  assert.deepEqual([made, cache.weight], [3, 80]);
  await ask("a");
  assert.equal(made, 3);
  await ask("b");
  assert.equal(made, 4);
  await ask("huge", 500);
  assert.ok(cache.weight <= 100);
});
