/**
 * How fast copies are made: a 10 KB HTML message with 80 links, for one recipient each, so that
 * every copy is compiled, filled and signed anew. Against the same work done with libraries in
 * common use (postal-mime, htmlparser2, nodemailer with its DKIM signer), in the same run; both mint
 * the same tokens, and neither adds a text part. What counts is the ratio; the stages say where the
 * time goes, and what a text part costs.
 */
import { cpuUsage } from "node:process";
import { Parser } from "htmlparser2";
import { createTransport } from "nodemailer";
import PostalMime from "postal-mime";
import {
  compile,
  createNodeEngine,
  createSigningEngine,
  generateDkimKey,
  sign,
  type SigningKey,
} from "../src/mail/mod.ts";
import { tokenMinter } from "../src/rules/mod.ts";
import { manyLinks } from "./support/mail.ts";
import { ratio, table } from "./support/report.ts";

const ROUNDS = 5;
/** Milliseconds of each round. */
const ROUND = 1000;
/** Copies under way at once, where RSA runs on other threads. */
const AT_ONCE = 32;

const MESSAGE = "01890a5d-ac96-774b-bcce-b302099a8057";
const key = { kid: 1, secret: crypto.getRandomValues(new Uint8Array(32)) };
const subject = {
  account: "demo",
  message: MESSAGE,
  rcpt: 0,
  tag: 77n,
  mode: "full",
  prepared: Date.UTC(2026, 10, 22),
  mailing: null,
} as const;
/** The URLs of one copy. */
function urlsOfCopy() {
  const mint = tokenMinter(subject, key);
  return {
    link: (link: number, url: string) =>
      `https://t.example/c/${mint({ kind: "click", link, url })}`,
    pixel: () => `https://t.example/o/${mint({ kind: "open" })}`,
    unsubscribe: () => `https://t.example/u/${mint({ kind: "unsubscribe" })}`,
  };
}
const OPTIONS = {
  opens: true,
  clicks: true,
  alternative: false,
  footer: null,
  remove: [],
  optionsName: null,
  files: [],
};

const raw = new TextEncoder().encode(manyLinks(80));
const { privateKeyPem } = await generateDkimKey("rsa-sha256");
const engine = createSigningEngine();
/** Everything but the private key operation. */
const unsigned: SigningKey = { algorithm: "rsa-sha256", sign: async () => new Uint8Array(256) };

async function copy(signing: SigningKey): Promise<Uint8Array> {
  const template = compile(raw, OPTIONS);
  const { link, pixel, unsubscribe } = urlsOfCopy();
  const data = template.fill({
    link: (position) => link(position, template.links[position]!),
    pixel: pixel(),
    unsubscribe,
    file: () => "",
    prepend: [["List-Unsubscribe", `<${unsubscribe()}>`]],
  });
  const signer = { domain: "example.com", selector: "s", key: signing };
  return await sign(data, [signer], Date.now());
}

const composer = (dkim: boolean) =>
  createTransport({
    streamTransport: true,
    buffer: true,
    newline: "windows",
    ...(dkim &&
      { dkim: { domainName: "example.com", keySelector: "s", privateKey: privateKeyPem } }),
  });
const transports = { signed: composer(true), unsigned: composer(false) };

async function peer(transport: ReturnType<typeof composer>): Promise<unknown> {
  const mail = await PostalMime.parse(raw);
  const { message } = await transport.sendMail({
    from: mail.from?.address,
    to: mail.to?.[0]?.address,
    subject: mail.subject,
    html: rewrite(mail.html ?? ""),
    encoding: "quoted-printable",
    headers: { "List-Unsubscribe": `<${urlsOfCopy().unsubscribe()}>` },
  });
  return message;
}

/** Splices new targets in at the offsets an established tokenizer gives. */
function rewrite(html: string): string {
  const { link, pixel } = urlsOfCopy();
  let text = "";
  let at = 0;
  let position = 0;
  const parser = new Parser({
    onopentag(name, attributes) {
      const url = attributes["href"];
      if (name !== "a" || url === undefined || !/^https?:/.test(url)) return;
      const tag = html.slice(parser.startIndex, parser.endIndex + 1);
      text += html.slice(at, parser.startIndex) +
        tag.replace(/href="[^"]*"/, `href="${link(position++, url)}"`);
      at = parser.endIndex + 1;
    },
  });
  parser.end(html);
  const rest = html.slice(at);
  const end = rest.lastIndexOf("</body>");
  return `${text}${rest.slice(0, end)}<img src="${pixel()}">${rest.slice(end)}`;
}

/**
 * Calls per second of processor time, `atOnce` of them under way: what other programs do meanwhile
 * does not count, and what our own threads do counts.
 */
async function speed(work: () => unknown, atOnce = 1): Promise<number> {
  const until = performance.now() + ROUND;
  const before = cpuUsage();
  let done = 0;
  const worker = async () => {
    while (performance.now() < until) {
      await work();
      done++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const { user, system } = cpuUsage(before);
  return done / (user + system) * 1e6;
}

const template = compile(raw, OPTIONS);
/** All tokens of a copy. */
function mintAll() {
  const { link, pixel, unsubscribe } = urlsOfCopy();
  const urls = template.links.map((url, position) => link(position, url));
  return { urls, pixel: pixel(), page: unsubscribe() };
}
const { urls, pixel, page } = mintAll();
const filling = {
  link: (i: number) => urls[i]!,
  pixel,
  unsubscribe: () => page,
  file: () => "",
  prepend: [],
};
const filled = template.fill(filling);
const libcrypto = engine.load(privateKeyPem, "rsa-sha256");
const node = createNodeEngine().load(privateKeyPem, "rsa-sha256");
const signer = { domain: "example.com", selector: "s", key: unsigned };
const libraries = "libraries in common use, not signed at all";
const librariesSigned = "libraries in common use, RSA-2048";

const runs: [string, () => unknown, number][] = [
  ["compile", () => compile(raw, OPTIONS), 1],
  ["compile, text part added", () => compile(raw, { ...OPTIONS, alternative: true }), 1],
  ["mint 82 tokens", mintAll, 1],
  ["fill", () => template.fill(filling), 1],
  ["canonicalise and hash", () => sign(filled, [signer], 0), 1],
  ["copy, all but the RSA operation", () => copy(unsigned), 1],
  ["copy, RSA-2048 by the runtime", () => copy(node), 1],
  [`copy, RSA-2048 by ${engine.rsa}`, () => copy(libcrypto), AT_ONCE],
  [libraries, () => peer(transports.unsigned), 1],
  [librariesSigned, () => peer(transports.signed), 1],
];

console.log(`message ${raw.length} bytes, copy ${filled.length} bytes, ${urls.length} links\n`);
const results = new Map<string, number[]>(runs.map(([name]) => [name, []]));
for (const [, work] of runs) for (let i = 0; i < 100; i++) await work();
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, work, atOnce] of runs) results.get(name)!.push(await speed(work, atOnce));
}
const median = (name: string) => results.get(name)!.toSorted((a, b) => a - b)[ROUNDS >> 1]!;
table(
  ["", "per core-second", "µs each"],
  runs.map(([name]) => [name, Math.round(median(name)), Math.round(1e6 / median(name))]),
);
const over = (ours: string, theirs: string) =>
  ratio(results.get(ours)!.map((value, i) => value / results.get(theirs)![i]!));
console.log(`\nratio, without RSA: ${over("copy, all but the RSA operation", libraries)}`);
console.log(`ratio, with RSA:    ${over(`copy, RSA-2048 by ${engine.rsa}`, librariesSigned)}`);
engine.close();
