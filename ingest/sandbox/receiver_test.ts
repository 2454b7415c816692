import assert from "node:assert/strict";
import nodemailer from "nodemailer";
import { makeCertificate, SILENT } from "@chappe/src/runtime";
import { start as startTestInbound } from "../inbound/test_support.ts";
import { addressOf } from "../inbound/test_support.ts";
import { actOf } from "./acts.ts";
import { startSandboxReceiver } from "./receiver.ts";

const tls = await makeCertificate({ names: ["localhost"], now: Date.now(), days: 1 });
const copy = {
  purpose: "bounce" as const,
  account: "demo",
  message: "01890a5d-ac96-774b-bcce-b302099a8057",
  rcpt: 0,
};

async function setUp() {
  const inbound = await startTestInbound();
  const kept: { headers: Record<string, string>; raw: Uint8Array }[] = [];
  const receiver = await startSandboxReceiver({
    listen: { hostname: "127.0.0.1", port: 0 },
    mailbox: { put: (mail) => Promise.resolve(void kept.push(mail)) },
    inbound: inbound.address,
    tls,
    slowMs: 1,
    now: Date.now,
    logger: SILENT,
  });
  const transport = nodemailer.createTransport({
    host: "127.0.0.1",
    port: receiver.address.port,
    tls: { rejectUnauthorized: false },
  });
  return {
    inbound,
    kept,
    send: (to: string) =>
      transport.sendMail({
        envelope: { from: addressOf(copy), to },
        from: "demo@example.com",
        to,
        subject: "Été",
        text: "Hello",
      }),
    async [Symbol.asyncDispose]() {
      await receiver.close();
      await inbound.close(0);
    },
  };
}

Deno.test("what a local part acts out goes by how it begins", () => {
  assert.equal(actOf("you@example.net").kind, "accept");
  assert.equal(actOf("Bounce-7@example.net").kind, "refuse");
  assert.equal(actOf("softbounce@example.net").kind, "refuse");
  assert.equal(actOf("notbounce@example.net").kind, "accept");
});

Deno.test("mail for any domain is kept, over TLS, with what was on the envelope", async () => {
  await using sandbox = await setUp();
  const { response } = await sandbox.send("you@anywhere.example");
  assert.match(response, /^250 2\.0\.0 kept/);
  const { headers, raw } = sandbox.kept[0]!;
  assert.equal(headers["to"], "you@anywhere.example");
  assert.equal(headers["subject"], "Été");
  assert.equal(headers["tls"], "yes");
  assert.match(new TextDecoder().decode(raw), /\r\n\r\nHello/);
});

for (
  const [local, code, enhanced] of [
    ["bounce", 550, "5.1.1"],
    ["softbounce", 451, "4.2.1"],
    ["full", 552, "5.2.2"],
  ] as const
) {
  Deno.test(`${local} is refused with ${code} ${enhanced}, each time`, async () => {
    await using sandbox = await setUp();
    for (let attempt = 1; attempt <= 2; attempt++) {
      await assert.rejects(
        sandbox.send(`${local}@example.net`),
        (error: { responseCode: number; response: string }) =>
          error.responseCode === code && error.response.startsWith(`${code} ${enhanced} `),
      );
    }
    assert.equal(sandbox.kept.length, 0);
  });
}

Deno.test("defer is refused at first and taken at the next attempt", async () => {
  await using sandbox = await setUp();
  await assert.rejects(sandbox.send("defer@example.net"), { responseCode: 450 });
  await sandbox.send("defer@example.net");
  assert.equal(sandbox.kept.length, 1);
});

Deno.test("complain takes the mail and sends a report that inbound understands", async () => {
  await using sandbox = await setUp();
  await sandbox.send("complain@example.net");
  while (sandbox.inbound.appended.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const [complaint] = sandbox.inbound.appended;
  assert.equal(complaint!.type, "feedback.complained");
  assert.equal(complaint!.message, copy.message);
});

Deno.test("slow is taken", async () => {
  await using sandbox = await setUp();
  await sandbox.send("slow@example.net");
  assert.equal(sandbox.kept.length, 1);
});
