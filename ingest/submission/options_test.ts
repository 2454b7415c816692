/** The sender's options, in a header or as a file, and how they meet the account's. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import nodemailer from "nodemailer";
import { type Tracking, validate } from "@chappe/src/events";
import { accepted, demoSettings, rejected, start, type TestServer, text } from "./test_support.ts";

const HEAD = "From: news@example.com\r\nSubject: Hello\r\n";
const FIELD = 'X-EFIDEM-HEADERS: {"billingCode":"B1","trackOpen":false}\r\n';

function transportTo(server: TestServer) {
  return nodemailer.createTransport({
    host: "127.0.0.1",
    port: server.address.port,
    ignoreTLS: true,
    auth: { user: "demo", pass: "demo" },
  });
}

const MAIL = { from: "news@example.com", to: "to@example.net", text: "Hello", html: "<p>Hello" };
const FILE = {
  filename: "X-EFIDEM-HEADERS.json",
  contentType: "application/json",
  content: JSON.stringify({ billingCode: "été", trackClicks: false, privacy: "date-only" }),
};

Deno.test("nodemailer may attach the options as a file", async () => {
  await using server = await start();
  const transport = transportTo(server);
  await transport.sendMail({ ...MAIL, attachments: [{ filename: "a.bin", content: "x" }, FILE] });
  const { references, tracking, body } = accepted(server)[0]!.data;
  assert.equal(references.billingCode, "été");
  assert.deepEqual(tracking, { mode: "date-only", opens: true, clicks: false });
  assert.match(
    text(server.stored[Number(body)]),
    /X-EFIDEM-HEADERS/,
    "cut out when copies are made",
  );
  await assert.rejects(
    transport.sendMail({ ...MAIL, headers: { "X-EFIDEM-HEADERS": "{}" }, attachments: [FILE] }),
    /550 5\.6\.0 X-EFIDEM-HEADERS: the options stand both in a header and in a file/,
  );
  await assert.rejects(
    transport.sendMail({ ...MAIL, attachments: [{ ...FILE, content: '{"privacy":1}' }] }),
    /550 5\.6\.0 .*"privacy": expected "off", "date-only", "full" or null/,
  );
  transport.close();
  assert.equal(rejected(server).length, 2);
});

Deno.test("nodemailer may write a long header, folded and encoded", async () => {
  await using server = await start();
  const transport = transportTo(server);
  const options = { attention1: "é à ç ".repeat(30).trim(), customerReference: "C".repeat(200) };
  const headers = { "X-EFIDEM-HEADERS": JSON.stringify(options) };
  await transport.sendMail({ ...MAIL, headers });
  transport.close();
  const { attention1, customerReference } = accepted(server)[0]!.data.references;
  assert.deepEqual({ attention1, customerReference }, options);
});

for (
  const [value, said] of [
    ["{", "the options are not JSON"],
    ['{"billing":1}', 'unknown key "billing"'],
    ['{"billingCode":12}', '"billingCode": expected a text of at most 256 characters, or null'],
    [`{"attention8":"${"x".repeat(257)}"}`, '"attention8": expected a text of at most 256'],
    ['{"trackClicks":"true"}', '"trackClicks": expected true, false or null'],
    ['{"listUnsubscribe":"footer"}', '"listUnsubscribe": expected "off", "header", "header-and-f'],
    ["{}\r\nX-EFIDEM-HEADERS: {}", "there are several options headers"],
  ] as const
) {
  Deno.test(`options ${value.slice(0, 40)} are refused: ${said}`, async () => {
    await using server = await start();
    using wire = await server.logIn();
    const reply = await wire.send(`${HEAD}X-EFIDEM-HEADERS: ${value}\r\n\r\nBody`, {
      expect: "550 5.6.0 X-EFIDEM-HEADERS: ",
    });
    assert.ok(reply.includes(said), reply);
    assert.equal(rejected(server)[0]!.data.reason, "content");
  });
}

for (
  const [account, message, expected] of [
    ["full", "full", "full"],
    ["full", "date-only", "date-only"],
    ["full", "off", "off"],
    ["full", null, "full"],
    ["date-only", "full", "date-only"],
    ["date-only", "off", "off"],
    ["date-only", null, "date-only"],
    ["off", "full", "off"],
    ["off", null, "off"],
  ] as const
) {
  Deno.test(`privacy ${account} of the account and ${message} of the message is ${expected}`, async () => {
    const tracking: Tracking = { mode: account, opens: true, clicks: false };
    await using server = await start({ settings: { now: demoSettings({ tracking }) } });
    using wire = await server.logIn();
    const options = JSON.stringify({ privacy: message, trackClicks: true });
    await wire.send(`${HEAD}X-EFIDEM-HEADERS: ${options}\r\n\r\nBody`);
    const tracked = expected !== "off";
    assert.deepEqual(accepted(server)[0]!.data.tracking, {
      mode: expected,
      opens: tracked,
      clicks: tracked,
    });
  });
}

Deno.test("how a copy offers to unsubscribe is the message's to say, else the account's", async () => {
  await using server = await start();
  using wire = await server.logIn();
  await wire.send(`${HEAD}${FIELD}\r\nBody`);
  await wire.send(`${HEAD}X-EFIDEM-HEADERS: {"listUnsubscribe":"off"}\r\n\r\nBody`);
  const modes = accepted(server).map(({ data }) => data.listUnsubscribe);
  assert.deepEqual(modes, ["header", "off"]);
});

Deno.test("attachments stand behind links where the message says so, else where the account does", async () => {
  const attachments = [{ filename: "été.bin", content: Buffer.from([0, 255, 10, 13]) }];
  const filesOf = async (account: "keep" | "link", message: "keep" | "link" | null, more = {}) => {
    await using server = await start({ settings: { now: demoSettings({ attachments: account }) } });
    const transport = transportTo(server);
    const headers = { "X-EFIDEM-HEADERS": JSON.stringify({ attachments: message }) };
    await transport.sendMail({ ...MAIL, headers, attachments, ...more });
    transport.close();
    const [event] = accepted(server);
    validate({ ...event, recorded: 0 });
    const { files, body } = event!.data;
    return { files, raw: text(server.stored[Number(body)]) };
  };
  for (
    const [account, message] of [["link", null], ["link", "link"], ["keep", "link"]] as const
  ) {
    const { files, raw } = await filesOf(account, message);
    const { start, end, ...file } = files![0]!;
    assert.deepEqual([files!.length, file], [1, {
      name: "été.bin",
      type: "application/octet-stream",
      size: 4,
      encoding: "base64",
    }]);
    assert.equal(raw.slice(start, end).trim(), "AP8KDQ==");
  }
  for (const [account, message] of [["keep", null], ["link", "keep"]] as const) {
    assert.equal((await filesOf(account, message)).files, undefined);
  }
  const notification = { envelope: { from: "", to: "to@example.net" } };
  assert.equal((await filesOf("link", null, notification)).files, undefined);
  assert.equal((await filesOf("link", null, { attachments: [] })).files, undefined);
});
