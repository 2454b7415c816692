import assert from "node:assert/strict";
import { classify, type Refusal } from "./bounce.ts";
import { BY_ENHANCED } from "./bounce_codes.ts";
import { BY_TEXT } from "./bounce_data.ts";

function refusal(line: string): Refusal {
  const [, code, enhanced, text] = /^(\d{3}) (?:([245]\.\d+\.\d+) )?(.*)$/.exec(line)!;
  return { code: Number(code), enhanced: enhanced ?? null, text: text! };
}

for (const row of BY_TEXT) {
  Deno.test(`table: ${row.class}: ${row.example.slice(0, 60)}`, () => {
    assert.equal(classify(refusal(row.example)).class, row.class);
  });
}

const CASES: [line: string, class_: string, permanent: boolean, kind: "hard" | "soft"][] = [
  ["550 5.1.1 user unknown", "unknown-user", true, "hard"],
  ["551 No forwarding address", "unknown-user", true, "hard"],
  [
    "550 5.2.1 The email account that you tried to reach is disabled.",
    "unknown-user",
    true,
    "hard",
  ],
  ["552 5.2.2 mailbox full", "mailbox-full", true, "soft"],
  [
    "452 4.2.2 The email account that you tried to reach is over quota.",
    "mailbox-full",
    false,
    "soft",
  ],
  ["552 5.3.4 Message too big for system", "message-too-large", true, "hard"],
  ["450 4.7.1 greylisted", "greylisting", false, "soft"],
  ["451 4.2.1 not now", "other", false, "soft"],
  ["550 5.7.1 Delivery not authorized", "policy", true, "hard"],
  [
    "550 5.7.26 This mail has been blocked because the sender is unauthenticated.",
    "authentication",
    true,
    "hard",
  ],
  [
    "550 5.7.25 The IP address sending this message does not have a PTR record",
    "authentication",
    true,
    "hard",
  ],
  ["550 5.4.5 Daily SMTP relay limit exceeded", "rate", true, "soft"],
  ["556 5.1.10 Recipient address has null MX", "dns", true, "hard"],
  ["521 host does not accept mail", "dns", true, "hard"],
  ["501 5.5.4 Invalid arguments", "protocol", true, "hard"],
  ["421 4.7.0 Try again later, closing connection.", "connection", false, "soft"],
  ["421 4.3.0 Temporary System Problem. Try again later", "connection", false, "soft"],
  ["421 Service not available", "connection", false, "soft"],
  ["421 4.4.2 mx.example Error: timeout exceeded", "connection", false, "soft"],
  ["550 Requested action not taken", "other", true, "hard"],
  ["451 Local error in processing", "other", false, "soft"],
  ["554 5.0.0 Transaction failed", "other", true, "hard"],
];
for (const [line, about, permanent, kind] of CASES) {
  Deno.test(`classify ${line.slice(0, 60)}`, () => {
    assert.deepEqual(classify(refusal(line)), { class: about, permanent, kind });
  });
}

Deno.test("a server that closes the connection blames no recipient", () => {
  for (const text of ["user unknown", "mailbox full", "message too large"]) {
    assert.equal(classify({ code: 421, enhanced: null, text }).class, "connection");
  }
  assert.equal(classify({ code: 421, enhanced: "4.1.1", text: "" }).class, "connection");
});

Deno.test("without a server, the enhanced code decides", () => {
  const about = (enhanced: string) => classify({ code: null, enhanced, text: "" });
  assert.deepEqual(about("5.1.10"), { class: "dns", permanent: true, kind: "hard" });
  assert.deepEqual(about("5.1.2"), { class: "dns", permanent: true, kind: "hard" });
  assert.deepEqual(about("4.4.3"), { class: "dns", permanent: false, kind: "soft" });
  assert.deepEqual(about("4.4.1"), { class: "connection", permanent: false, kind: "soft" });
  assert.deepEqual(about("5.6.7"), { class: "protocol", permanent: true, kind: "hard" });
});

Deno.test("a full mailbox is a soft bounce, refused for good or for now (decision 11)", () => {
  const full = (code: number, enhanced: string | null) =>
    classify({ code, enhanced, text: enhanced === null ? "" : "mailbox full" });
  const final = { class: "mailbox-full", permanent: true, kind: "soft" };
  assert.deepEqual(full(552, "5.2.2"), final);
  assert.deepEqual(full(552, null), final);
  assert.deepEqual(full(550, "5.2.2"), final);
  assert.deepEqual(full(452, "4.2.2"), { ...final, permanent: false });
  // Without words, 452 is the server's own lack of storage (RFC 5321 §4.2.3).
  assert.equal(full(452, null).class, "other");
});

Deno.test("enhanced codes in the table are well formed", () => {
  for (const code of Object.keys(BY_ENHANCED)) assert.match(code, /^[X45]\.[1-7]\.\d{1,3}$/);
});

Deno.test("long hostile texts are classified at once", () => {
  const words = [
    "user ",
    "exceeds ",
    "a",
    "hourly x ",
    "sender ",
    "dépassé ",
    "mailbox is ",
    "quota ",
  ];
  for (const text of words.map((word) => word.repeat(2000 / word.length))) {
    classify({ code: 550, enhanced: null, text });
  }
});
