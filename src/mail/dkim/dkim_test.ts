import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { authenticate } from "mailauth";
import { toBytes, toText } from "../bytes.ts";
import { relaxedBody } from "./canonical.ts";
import { type Algorithm, createNodeEngine, createSigningEngine } from "./engine.ts";
import { generateDkimKey } from "./generate.ts";
import { openLibcrypto } from "./libcrypto.ts";
import { sign } from "./sign.ts";

const NOW = Date.UTC(2026, 10, 22);
const KEYS = {
  "rsa-sha256": await generateDkimKey("rsa-sha256"),
  "ed25519-sha256": await generateDkimKey("ed25519-sha256"),
};

/** What an independent verifier says of each signature, from the top. */
async function verdicts(message: Uint8Array): Promise<string[]> {
  const records: Record<string, string> = {
    "rsa._domainkey.example.com": `v=DKIM1; k=rsa; p=${KEYS["rsa-sha256"].publicKeyBase64}`,
    "ed._domainkey.example.com": `v=DKIM1; k=ed25519; p=${KEYS["ed25519-sha256"].publicKeyBase64}`,
  };
  const { dkim } = await authenticate(Buffer.from(message), {
    strict: true,
    resolver: async (name) => {
      const record = records[name];
      if (record !== undefined) return [[record]];
      throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
    },
    ip: "192.0.2.1",
    helo: "mx.example.com",
    sender: "a@example.com",
    mta: "mx.example.org",
    disableArc: true,
    disableDmarc: true,
    disableBimi: true,
  });
  return dkim.results.map((result) => result.status.result);
}

async function signed(text: string, algorithms: Algorithm[] = ["rsa-sha256"]): Promise<string> {
  const engine = createSigningEngine();
  try {
    const signers = algorithms.map((algorithm) => ({
      domain: "example.com",
      selector: algorithm === "rsa-sha256" ? "rsa" : "ed",
      key: engine.load(KEYS[algorithm].privateKeyPem, algorithm),
    }));
    return toText(await sign(toBytes(text), signers, NOW));
  } finally {
    engine.close();
  }
}

const HEADER = "From: Ann <a@example.com>\r\nTo: b@example.org\r\nSubject: hi\r\n";

for (
  const [name, text] of [
    ["a plain message", `${HEADER}\r\nhello\r\n`],
    [
      "folded fields with runs of white space",
      `${HEADER}Cc:  x@example.org,\r\n\t y@example.org \r\nReply-To:\r\n c@example.com\r\n\r\nhello\r\n`,
    ],
    ["several fields of a name", `Subject: a\r\n${HEADER}Subject: b\r\n\r\nhello\r\n`],
    ["empty lines at the end", `${HEADER}\r\nhello \t \r\n\r\n \r\n\r\n`],
    ["no line end at the end", `${HEADER}\r\nhello`],
    ["an empty body", `${HEADER}\r\n`],
    ["a body of empty lines", `${HEADER}\r\n\r\n\r\n \r\n`],
    ["white space inside and at line starts", `${HEADER}\r\n  a \t b\r\n\tc  \r\n`],
    ["8-bit header and body", `${HEADER}X: \xc3\xa0\r\nSubject: \xc3\xa0\r\n\r\n\xc3\xa0 \xa0\r\n`],
    ["fields not signed", `Received: x\r\n${HEADER}X-Y: z\r\n\r\nhello\r\n`],
  ] as const
) {
  Deno.test(`${name}: both signatures verify`, async () => {
    const message = await signed(text, ["rsa-sha256", "ed25519-sha256"]);
    assert.deepEqual(await verdicts(toBytes(message)), ["pass", "pass"]);
    assert.ok(message.endsWith(text));
    for (const line of message.split("\r\n")) assert.ok(line.length <= 78, line);
  });
}

Deno.test("any change to what is signed is noticed, and so is any field added", async () => {
  const message = await signed(`${HEADER}\r\nhello\r\n`);
  assert.deepEqual(await verdicts(toBytes(message)), ["pass"]);
  const changes: [string, (text: string) => string][] = [
    ["body", (text) => text.replace("hello", "hallo")],
    ["more body", (text) => `${text}more\r\n`],
    ["From", (text) => text.replace("Ann", "Eve")],
    ["Subject", (text) => text.replace(": hi", ": ho")],
    ...["From", "To", "Cc", "Reply-To", "Date", "Content-Type", "List-Unsubscribe", "Feedback-ID"]
      .map((name): [string, (text: string) => string] => [
        `another ${name}`,
        (text) => `${name}: e@example.net\r\n${text}`,
      ]),
    ["time", (text) => text.replace(/t=(\d+)/, (_, t) => `t=${Number(t) + 1}`)],
  ];
  for (const [name, change] of changes) {
    const [verdict] = await verdicts(toBytes(change(message)));
    assert.notEqual(verdict, "pass", name);
  }
});

Deno.test("time and names stand in the signature", async () => {
  const message = await signed(`${HEADER}\r\nhello\r\n`);
  assert.match(
    message,
    /^DKIM-Signature: v=1; a=rsa-sha256; c=relaxed\/relaxed; d=example.com; s=rsa;/,
  );
  assert.match(message, new RegExp(`t=${NOW / 1000};`));
  assert.match(message, /h=From:From:To:To:Cc:Subject:Subject:Date:/);
});

Deno.test("without a signer the message stays as it is", async () => {
  const message = toBytes(HEADER);
  assert.equal(await sign(message, [], NOW), message);
});

Deno.test("a body of any shape is made canonical as the rules say", () => {
  const piece = fc.constantFrom(" ", "\t", "\r\n", "a", "\0");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const body = pieces.join("");
      const lines = body.replace(/[ \t]+/g, " ").replace(/ (?=\r\n|$)/g, "").replace(
        /(\r\n)*$/,
        "",
      );
      assert.equal(toText(relaxedBody(toBytes(body))), lines === "" ? "" : `${lines}\r\n`);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("both engines make the same RSA signature, many at once too", async () => {
  const fast = createSigningEngine();
  const { privateKeyPem } = KEYS["rsa-sha256"];
  const slow = createNodeEngine().load(privateKeyPem, "rsa-sha256");
  const key = fast.load(privateKeyPem, "rsa-sha256");
  const data = toBytes("some data");
  const expected = Buffer.from(await slow.sign(data)).toString("hex");
  const all = await Promise.all(Array.from({ length: 50 }, () => key.sign(data)));
  for (const signature of all) assert.equal(Buffer.from(signature).toString("hex"), expected);
  const last = key.sign(data);
  fast.close();
  assert.equal(Buffer.from(await last).toString("hex"), expected);
  if (fast.rsa === "libcrypto") await assert.rejects(key.sign(data), /closed/);
});

Deno.test("keys that are none, or of another kind, are refused", () => {
  const engine = createSigningEngine();
  assert.throws(() => engine.load("nonsense", "rsa-sha256"));
  assert.throws(
    () => engine.load(KEYS["ed25519-sha256"].privateKeyPem, "rsa-sha256"),
    /a key for rsa-sha256 expected/,
  );
  engine.close();
});

Deno.test("where libcrypto is not, nothing breaks", () => {
  assert.equal(openLibcrypto(["libno-such-thing.so"]), null);
  assert.equal(createNodeEngine().rsa, "node");
});

Deno.test({
  name: "without leave to load libraries the runtime signs",
  permissions: { ffi: false },
  fn() {
    assert.equal(createSigningEngine().rsa, "node");
  },
});
