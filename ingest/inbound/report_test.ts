import assert from "node:assert/strict";
import fc from "fast-check";
import { failureOf } from "./delivery_status.ts";
import { complaintOf } from "./feedback_report.ts";
import { readIncoming } from "./incoming.ts";
import { readReport } from "./report.ts";
import { fixture } from "./test_support.ts";

const reportIn = (raw: Uint8Array) => readReport(readIncoming(raw, ""));

/** What the tests look at of a bounce. */
async function bounce(name: string) {
  const { bounced, complained } = reportIn(await fixture(name));
  assert.equal(complained, null);
  assert(bounced !== null);
  assert.equal(bounced.mode, "async");
  const { reply, error, kind, domain, mx } = bounced;
  return { reply, error, class: bounced.class, kind, domain, mx };
}

Deno.test("a notification of an unknown user", async () => {
  assert.deepEqual(await bounce("postfix-unknown-user"), {
    reply: {
      code: 550,
      enhanced: "5.1.1",
      text: "<nobody@remote.example>: Recipient address rejected: User unknown in local table",
    },
    error: null,
    class: "unknown-user",
    kind: "hard",
    domain: "remote.example",
    mx: "store.remote.example",
  });
});

Deno.test("a full mailbox is of the moment, even in base64", async () => {
  assert.deepEqual(await bounce("mailbox-full"), {
    reply: { code: 552, enhanced: "5.2.2", text: "Mailbox full" },
    error: null,
    class: "mailbox-full",
    kind: "soft",
    domain: "quota.example",
    mx: "mx.quota.example",
  });
});

Deno.test("given up without a reply", async () => {
  assert.deepEqual(await bounce("expired-no-reply"), {
    reply: null,
    error: "4.4.1 connect to gone.example[192.0.2.7]:25: Connection timed out",
    class: "connection",
    kind: "soft",
    domain: "gone.example",
    mx: "relay.example",
  });
});

Deno.test("the failure among several recipients counts, by the code that says more", async () => {
  const found = await bounce("relayed-then-failed");
  assert.deepEqual(found.reply, { code: 554, enhanced: "5.7.1", text: "Message refused as spam" });
  assert.deepEqual([found.class, found.kind], ["spam", "hard"]);
});

Deno.test("a complaint", async () => {
  assert.deepEqual(reportIn(await fixture("complaint")), {
    bounced: null,
    complained: { feedbackType: "abuse", userAgent: "BigMail-Feedback/2.1", source: "arf" },
  });
});

for (const name of ["delayed", "not-spam", "out-of-office", "report-within-message"]) {
  Deno.test(`${name} reports nothing`, async () => {
    assert.deepEqual(reportIn(await fixture(name)), { bounced: null, complained: null });
  });
}

for (
  const [text, found] of [
    ["Action: failed\nFinal-Recipient: rfc822;a@b.example\nStatus: 5.1.1", true],
    ["Reporting-MTA: dns;x\n\nFinal-Recipient: rfc822;a@b\nStatus: 5.1.1", true],
    ["Reporting-MTA: dns;x\n\nFinal-Recipient: rfc822;a@b\nStatus: 4.1.1", false],
    ["Reporting-MTA: dns;x\n \t\nFINAL-RECIPIENT: rfc822;a@b\nACTION: Failed\nStatus: 5.0.0", true],
    ["Reporting-MTA: dns;x\n\nAction: expanded\nStatus: 2.0.0", false],
    ["", false],
    ["\n\n\n", false],
    [":::\nAction failed", false],
  ] as const
) {
  Deno.test(`${JSON.stringify(text)} is ${found ? "a" : "no"} failure`, () => {
    assert.equal(failureOf(text) !== null, found);
  });
}

Deno.test("a status that says more than the reply's code wins", () => {
  const found = failureOf(
    "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.0.0 No thanks",
  );
  assert.deepEqual(found?.reply, { code: 550, enhanced: "5.1.1", text: "No thanks" });
});

Deno.test("what stands in a report is cut and cleaned", () => {
  const found = failureOf(
    `Action: failed\nStatus: 5.1.1\nRemote-MTA: dns; <b>x</b>\n` +
      `Diagnostic-Code: smtp; 550 a\u0000b\u001b[31m${"c".repeat(9000)}`,
  );
  assert(found?.reply != null);
  assert.equal(found.reply.text.length <= 2000, true);
  assert.match(found.reply.text, /^a b \[31mc+$/);
  assert.equal(found.mx, null);
  assert.equal(complaintOf(`Feedback-Type: ${"x".repeat(999)}`)?.feedbackType.length, 200);
  assert.equal(complaintOf("Feedback-Type:"), null);
  assert.equal(complaintOf("User-Agent: x"), null);
});

Deno.test("hostile messages report nothing, in time that follows their size", () => {
  const nested = Array.from(
    { length: 5000 },
    (_, i) => `Content-Type: multipart/mixed; boundary="${i}"\r\n\r\n--${i}\r\n`,
  );
  const hostile = [
    "",
    "\0".repeat(1000),
    nested.join(""),
    "A: b\r\n".repeat(150_000),
    `Content-Type: multipart/report; boundary=a\r\n\r\n${"--a\r\n\r\n".repeat(100_000)}`,
    `Content-Type: message/delivery-status\r\n\r\n${"\n\n:".repeat(300_000)}`,
    `Content-Type: message/delivery-status\r\n\r\n${" \n".repeat(400_000)}`,
    `Content-Type: message/delivery-status\r\n\r\nAction: ${"\n \t".repeat(300_000)}x`,
  ];
  for (const text of hostile) {
    const report = reportIn(new TextEncoder().encode(text));
    assert.deepEqual(report, { bounced: null, complained: null });
  }
});

Deno.test("no bytes make it throw", async () => {
  const dsn = await fixture("postfix-unknown-user");
  fc.assert(
    fc.property(
      fc.nat(dsn.length - 1),
      fc.uint8Array({ maxLength: 40 }),
      (at, noise) => {
        const changed = dsn.slice();
        changed.set(noise.subarray(0, dsn.length - at), at);
        reportIn(changed);
      },
    ),
    { numRuns: 300 },
  );
});
