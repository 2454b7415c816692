/**
 * Whatever a message becomes on its way out, its signatures verify: by mailauth, and by Python's
 * dkim where that is installed.
 */
import assert from "node:assert/strict";
import { createPreparer } from "@chappe/ingest";
import { startTestDns } from "@chappe/src/dns";
import { createNodeEngine, generateDkimKey } from "@chappe/src/mail";
import { type DkimKey, NO_LIMITS, NO_SETTINGS } from "@chappe/src/settings";
import { FORMS } from "../src/mail/template/alternative_fixture.ts";
import { CORPUS } from "../src/mail/template/corpus_fixture.ts";
import { byDkimpy, byMailauth, hasDkimpy } from "./support/verifiers.ts";

const dkimpy = await hasDkimpy();
if (!dkimpy) console.log("copies_test: Python's dkim is not installed, mailauth verifies alone");

const bytes = new TextEncoder();
const toBytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

const keys: DkimKey[] = [];
for (
  const [selector, algorithm] of [["chappe1", "rsa-sha256"], ["ed", "ed25519-sha256"]] as const
) {
  const { publicKeyBase64: publicKey, privateKeyPem: privateKey } = await generateDkimKey(
    algorithm,
  );
  keys.push({ domain: "example.com", selector, algorithm, publicKey, privateKey, createdAt: 0 });
}
const ZONES = Object.fromEntries(
  keys.map(({ selector, domain, algorithm, publicKey }) => {
    const record = `v=DKIM1; k=${algorithm === "rsa-sha256" ? "rsa" : "ed25519"}; p=${publicKey}`;
    const records = [{ type: "TXT" as const, value: record.match(/.{1,255}/g)! }];
    return [`${selector}._domainkey.${domain}`, { records }];
  }),
);

const tracking = { mode: "full", opens: true, clicks: true } as const;
const account = {
  id: "demo",
  name: "Demo",
  tracking,
  listUnsubscribe: "header-and-footer",
  unsubscribeText: "Se désabonner",
  attachments: "keep",
  limits: NO_LIMITS,
} as const;
const domain = {
  account: "demo",
  domain: "example.com",
  ed25519: true,
  keys,
  verifiedSelectors: new Set(keys.map(({ selector }) => selector)),
  returnPath: false,
  checkedAt: 0,
};

/** The copy of a message for bob@example.org. */
async function copyOf(text: string) {
  const preparer = createPreparer({
    bodies: { get: async () => toBytes(text) },
    settings: {
      now: {
        ...NO_SETTINGS,
        accounts: new Map([["demo", account]]),
        domains: new Map([["demo", new Map([[domain.domain, domain]])]]),
        tokenKeys: new Map([[1, {
          kid: 1,
          secret: "s".repeat(32),
          createdAt: 0,
          retiredAt: null,
        }]]),
      },
      unseal: (sealed) => bytes.encode(sealed),
    },
    trackingUrl: "https://t.example",
    platformDomain: "mta.relay.example",
    returnDomain: "bounces.relay.example",
    optionsName: "X-EFIDEM-HEADERS",
    engine: createNodeEngine(),
    now: Date.now,
  });
  const { data: raw, mailFrom } = await preparer.prepare({
    account: "demo",
    message: "01890a5d-ac96-774b-bcce-b302099a8057",
    rcpt: 0,
    recipient: "bob@example.org",
    kind: "to",
    attempt: 1,
    acceptedAt: Date.UTC(2026, 10, 22),
    cause: "01890a5d-ac96-774b-bcce-b302099a8057",
    recipients: 1,
    label: "invoices",
    accepted: {
      sender: "ann@example.com",
      from: "ann@example.com",
      messageId: "1@example.com",
      body: "b",
      size: text.length,
      tracking,
      listUnsubscribe: "header-and-footer",
      smtputf8: false,
    },
  });
  return { raw, mailFrom };
}

const sampleOf = (name: string) => FORMS.find((sample) => sample.name === name)!.text;
const PASS = ["example.com chappe1 pass", "example.com ed pass"];

Deno.test("mailauth verifies the copy of every message of both corpora", async () => {
  await using dns = await startTestDns(ZONES);
  const receiver = { ip: "127.0.0.1", helo: "mta.relay.example", dns: dns.server };
  for (const { name, text } of [...FORMS, ...CORPUS]) {
    assert.deepEqual((await byMailauth(await copyOf(text), receiver)).dkim, PASS, name);
  }
});

Deno.test("a second field of a name that is signed, or another value, breaks the signatures", async () => {
  await using dns = await startTestDns(ZONES);
  const receiver = { ip: "127.0.0.1", helo: "mta.relay.example", dns: dns.server };
  const { raw, mailFrom } = await copyOf(sampleOf("html with images and attachment"));
  const text = new TextDecoder("latin1").decode(raw);
  const verdicts = async (changed: string) =>
    (await byMailauth({ raw: toBytes(changed), mailFrom }, receiver)).dkim;
  assert.deepEqual(await verdicts(text), PASS);
  for (
    const name of [
      "From",
      "Sender",
      "Reply-To",
      "To",
      "Cc",
      "Subject",
      "Date",
      "Message-ID",
      "MIME-Version",
      "Content-Type",
      "Content-Transfer-Encoding",
      "List-Unsubscribe",
      "List-Unsubscribe-Post",
      "Feedback-ID",
    ]
  ) {
    const verdict = await verdicts(`${name}: x@evil.example\r\n${text}`);
    assert(verdict.every((each) => !each.endsWith(" pass")), `another ${name}: ${verdict}`);
  }
  for (
    const [from, to] of [
      ["<https://t.example/u/", "<https://evil.example/u/"],
      ["List-Unsubscribe=One-Click", "List-Unsubscribe=Two-Click"],
      ["invoices:demo:relay", "invoices:evil:relay"],
    ] as const
  ) {
    assert(text.includes(from));
    const verdict = await verdicts(text.replace(from, to));
    assert(verdict.every((each) => !each.endsWith(" pass")), `${to}: ${verdict}`);
  }
});

/** One of each kind of change: Python takes its time to start. */
const KINDS = [
  "text in UTF-8, 8bit",
  "text in KOI8-R, base64",
  "html, quoted-printable in ISO-8859-1",
  "html with images and attachment",
  "both, with images",
  "S/MIME, signed",
  "PGP in the text",
];

Deno.test({
  name: "Python's dkim verifies the copy of a message of each kind",
  ignore: !dkimpy,
  async fn() {
    await using dns = await startTestDns(ZONES);
    const placeholder = sampleOf("html").replace("https://shop.example/a", "{{unsubscribe}}");
    const options = sampleOf("html with attachment").replaceAll(
      "application/pdf",
      "application/json",
    )
      .replaceAll("a.pdf", "X-EFIDEM-HEADERS");
    for (const text of [...KINDS.map(sampleOf), placeholder, options]) {
      const { raw } = await copyOf(text);
      assert.deepEqual(await byDkimpy(raw, dns.server), [true, true], text);
    }
  },
});
