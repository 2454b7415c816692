import assert from "node:assert/strict";
import fc from "fast-check";
import type { Reply } from "../events/mod.ts";
import { createAutomation, type Observed, ruleFor, type ShapingRule } from "./automation.ts";
import { SHAPING_RULES } from "./automation_data.ts";
import { limitsOf } from "./limits.ts";
import { createPace } from "./pace.ts";
import { DEFAULT_SHAPING, PROVIDER_SHAPING } from "./provider_shaping_data.ts";
import { fact, given } from "./test_state.ts";
import { HOUR, MINUTE } from "./time.ts";

/** `421 4.7.0 text`, as it stands in a log. */
function reply(line: string): Reply {
  const [, code, enhanced, text] = /^(\d{3})[ -](?:(\d\.\d+\.\d+) )?(.*)$/s.exec(line)!;
  return { code: Number(code), enhanced: enhanced ?? null, text: text! };
}

/** Replies as providers gave them (addresses replaced), and the rule each is a case of. */
const REPLIES: [provider: string, line: string, rule: string | null][] = [
  [
    "google",
    "421 4.7.28 [192.0.2.1 15] Our system has detected an unusual rate of unsolicited mail originating from your IP address. To protect our users from spam, mail sent from your IP address has been temporarily rate limited. Please visit https://support.google.com/mail/?p=UnsolicitedRateLimitError to review our Bulk Email Senders Guidelines. k10si2978071qtp.33 - gsmtp",
    "google-unusual-rate",
  ],
  [
    "google",
    "550 5.7.28 [192.0.2.1] Gmail has detected an unusual rate of unsolicited mail originating from your IP address.",
    "google-unusual-rate",
  ],
  [
    "google",
    "421 4.7.0 [192.0.2.1 15] Our system has detected that this message is suspicious due to the very low reputation of the sending IP address. - gsmtp",
    "google-low-reputation",
  ],
  [
    "google",
    "550 5.7.1 [192.0.2.1 19] Our system has detected that this message is likely suspicious due to the very low reputation of the sending domain. - gsmtp",
    "google-low-reputation",
  ],
  [
    "google",
    "421 4.7.0 Our system has detected an unusual rate of unsolicited mail originating from your IP address.",
    "google-low-reputation",
  ],
  [
    "google",
    "421 4.7.0 Try again later, closing connection. (MAIL) d2si1 - gsmtp",
    "google-try-later",
  ],
  ["google", "421 4.3.0 Temporary System Problem.  Try again later (10). - gsmtp", "burst-of-421"],
  [
    "google",
    "450 4.2.1 The user you are trying to contact is receiving email at a rate that prevents additional messages from being delivered. Please resend your message at a later time. - gsmtp",
    null,
  ],
  ["google", "550 5.1.1 The email account that you tried to reach does not exist. - gsmtp", null],
  ["google", "452 4.2.2 The email account that you tried to reach is over quota. - gsmtp", null],
  [
    "yahoo",
    "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes",
    "yahoo-tss04",
  ],
  [
    "yahoo",
    "421 4.7.0 [TS01] Messages from 192.0.2.1 temporarily deferred due to user complaints - 4.16.55.1; see http://postmaster.yahoo.com/421-ts01.html",
    "yahoo-tss04",
  ],
  ["yahoo", "421 4.7.0 [TS02] Temporarily deferred", "yahoo-tss04"],
  [
    "yahoo",
    "421 4.7.1 [TS03] All messages from 192.0.2.1 will be permanently deferred; Retrying will NOT succeed. See http://postmaster.yahoo.com/421-ts03.html",
    "yahoo-permanently-deferred",
  ],
  [
    "yahoo",
    "421 4.7.1 [TSS07] All messages from 192.0.2.1 will be permanently deferred; Retrying will NOT succeed.",
    "yahoo-permanently-deferred",
  ],
  [
    "yahoo",
    "553 5.7.2 [TSS09] All messages from 192.0.2.1 will be permanently deferred; Retrying will NOT succeed. See https://postmaster.yahooinc.com/error-codes",
    "yahoo-permanently-deferred",
  ],
  [
    "yahoo",
    "553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is in Spamhaus's list; see http://postmaster.yahoo.com/550-bl23.html",
    "yahoo-block-list",
  ],
  [
    "yahoo",
    "451 Resources temporarily not available - Please try again later [#4.16.1].",
    "yahoo-resources",
  ],
  ["yahoo", "450 User is receiving mail too quickly", null],
  [
    "yahoo",
    "554 30 Sorry, your message to a@yahoo.example cannot be delivered. This mailbox is disabled (554.30)",
    null,
  ],
  [
    "microsoft",
    "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140). You can also refer your provider to http://mail.live.com/mail/troubleshooting.aspx#errors.",
    "outlook-block-list",
  ],
  [
    "microsoft",
    "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (AS3150).",
    "outlook-block-list",
  ],
  [
    "microsoft",
    "550 5.7.606 Access denied, banned sending IP [192.0.2.1]. To request removal from this list please visit https://sender.office.com/",
    "microsoft-banned",
  ],
  [
    "microsoft",
    "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation. For e-mail delivery information, see https://aka.ms/postmaster (S775)",
    "outlook-rate",
  ],
  [
    "microsoft",
    "451 4.7.651 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation. For e-mail delivery information, see https://postmaster.live.com (S3114)",
    "outlook-rate",
  ],
  [
    "microsoft",
    "451 4.7.652 The mail server has exceeded the maximum number of connections. (S3115) [BN1NAM02FT051.eop-nam02.prod.protection.outlook.com]",
    "outlook-connections",
  ],
  [
    "microsoft",
    "421 RP-001 (SNT004-MC1F20) Unfortunately, some messages from 192.0.2.1 weren't sent. Please try again. We have limits for how many messages can be sent per hour and per day.",
    "outlook-rate",
  ],
  [
    "microsoft",
    "421 RP-003 (BAY004-MC1F41) The mail server 192.0.2.1 has exceeded the maximum number of connections.",
    "outlook-connections",
  ],
  [
    "microsoft",
    "451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (AS843) [HE1EUR04FT010.eop-eur04.prod.protection.outlook.com]",
    "microsoft-busy",
  ],
  [
    "microsoft",
    "451 4.7.700 PFA agent busy, please try again. [DB5EUR01FT010.eop-EUR01.prod.protection.outlook.com]",
    "microsoft-busy",
  ],
  ["microsoft", "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).", null],
  [
    "apple",
    "550 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137",
    "apple-local-policy",
  ],
  [
    "apple",
    "554 5.7.1 [HM08] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137",
    "apple-local-policy",
  ],
  [
    "apple",
    "421 4.7.1 Messages to a@icloud.example deferred due to excessive volume. Try again later - https://support.apple.com/en-us/HT204137",
    "apple-busy",
  ],
  ["apple", "451 4.7.1 Service unavailable - try again later", "apple-busy"],
  ["apple", "421 4.7.0 me.com Error: too many errors", "burst-of-421"],
  [
    "orange",
    "421 mwinf5c04 ME Trop de connexions, veuillez verifier votre configuration. Too many connections, slow down. OFR004_104 [104]",
    "orange-connections",
  ],
  [
    "orange",
    "421 mwinf5c77 ME Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR_999 [999]",
    "orange-suspended",
  ],
  [
    "orange",
    "421 4.2.0 Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR005_505 [505]",
    "orange-refused",
  ],
  [
    "orange",
    "421 mwinf5c10 ME Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR004_105 [105]",
    "orange-refused",
  ],
  [
    "orange",
    "550 mwinf5c04 ME Adresse IP source bloquee pour incident de spam. Client host blocked for spamming issues. OFR006_102 Ref http://csi.cloudmark.com [102]",
    "orange-blocked",
  ],
  ["orange", "550 5.7.1 Mail rejete. Mail rejected. OFR_506 [506]", "orange-spam"],
  [
    "orange",
    "550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]",
    null,
  ],
  ["orange", "552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]", null],
  ["laposte", "421 4.7.0 Too many connections, slow down. LPN105_104", "laposte-connections"],
  [
    "laposte",
    "450 4.7.1 Client host rejected: Service refuse. Veuillez essayer plus tard. service refused, please try later. LPN027_503",
    "laposte-refused",
  ],
  [
    "laposte",
    "550 5.5.0 Le compte du destinataire est bloque. The recipient account isblocked. LPN007_426",
    null,
  ],
  [
    "sfr",
    "450 4.7.1 msfrf2604.sfr.fr Service refused due to bad behavior SFR_IN_101",
    "sfr-blocked",
  ],
  ["sfr", "421 4.7.0 msfrf2604.sfr.fr Error: too many errors", "sfr-errors"],
  [
    "free",
    "421 Too many spams from your IP (192.0.2.1), please visit http://postmaster.free.fr/",
    "free-blocked",
  ],
  [
    "free",
    "421 Too many errors from your IP (192.0.2.1), please visit http://postmaster.free.fr/",
    "free-blocked",
  ],
  ["free", "550 spam detected", "free-spam"],
  [
    "free",
    "450 4.2.0 <a@free.example>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/",
    null,
  ],
  [
    "gmx",
    "421 web.de (mxweb113) Nemesis ESMTP Service not available Service unavailable Reject due to policy restrictions Please try again later. Too many messages have been received in a short period of time.",
    "gmx-rate",
  ],
  [
    "gmx",
    "554 gmx.net (mxgmx016) Nemesis ESMTP Service not available No SMTP service IP address is black listed. For explanation visit https://postmaster.gmx.net/en/error-messages?ip=192.0.2.1&c=bl",
    "gmx-block-list",
  ],
  [
    "firm_example",
    "554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1",
    "proofpoint-blocked",
  ],
  [
    "proofpoint",
    "550 5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=192.0.2.1",
    "proofpoint-blocked",
  ],
  ["mimecast", "421 Unable to process connection at this time", "mimecast-busy"],
  [
    "mimecast",
    "451 Internal resources are temporarily unavailable - https://community.mimecast.com/docs/DOC-1369#451",
    null,
  ],
  [
    "comcast_net",
    "421 resimta-po-11v.sys.comcast.net resimta 192.0.2.1 Comcast requires a lower rate, see RL000001",
    "comcast-rate",
  ],
  ["firm_example", "421 4.7.0 Too many concurrent connections", "too-many-connections"],
  [
    "firm_example",
    "421 Too many concurrent SMTP connections from this IP address; please try again later.",
    "too-many-connections",
  ],
  ["firm_example", "421 4.3.2 Connection rate limit exceeded.", "too-many-connections"],
  [
    "firm_example",
    "421 4.7.0 mail.firm.example Error: too many connections from 192.0.2.1",
    "too-many-connections",
  ],
  [
    "firm_example",
    "421 4.4.5 Service unavailable, concurrency limit reached",
    "too-many-connections",
  ],
  [
    "firm_example",
    "451 4.7.1 Received too many messages from a new or untrusted IP (G28)",
    "too-fast",
  ],
  [
    "firm_example",
    "421 4.4.2 Message submission rate for this client has exceeded the configured limit",
    "too-fast",
  ],
  [
    "firm_example",
    "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
    "on-a-block-list",
  ],
  ["firm_example", "421 4.2.1 Service not available, closing transmission channel", "burst-of-421"],
  [
    "firm_example",
    "550 5.1.1 <a@firm.example>: Recipient address rejected: User unknown in virtual mailbox table",
    null,
  ],
  [
    "firm_example",
    "450 4.7.1 <a@firm.example>: Recipient address rejected: Greylisting in effect",
    null,
  ],
  ["firm_example", "250 2.0.0 Ok: queued as too many connections", null],
];

Deno.test("replies of the wild are cases of the right rule, or of none", () => {
  for (const [provider, line, rule] of REPLIES) {
    assert.equal(
      ruleFor(SHAPING_RULES, { provider, reply: reply(line) })?.name ?? null,
      rule,
      line,
    );
  }
  assert.ok(REPLIES.length >= 40);
  const tried = new Set(REPLIES.map(([, , rule]) => rule));
  assert.deepEqual(SHAPING_RULES.map((r) => r.name).filter((name) => !tried.has(name)), []);
});

Deno.test("the data is sound", () => {
  const names = SHAPING_RULES.map((rule) => rule.name);
  assert.equal(new Set(names).size, names.length);
  for (const { name, source, trigger, forMs, providers } of SHAPING_RULES) {
    assert.match(name, /^[a-z0-9-]+$/);
    assert.ok(source.length > 0 && trigger.replies > 0 && trigger.withinMs > 0, name);
    assert.ok(forMs >= 10 * MINUTE && forMs <= 24 * HOUR, name);
    for (const provider of providers ?? []) assert.ok(provider in PROVIDER_SHAPING, provider);
  }
  for (const shaping of [DEFAULT_SHAPING, ...Object.values(PROVIDER_SHAPING)]) {
    assert.ok(shaping.connections > 0 && shaping.messagesPerConnection > 0);
    assert.ok(shaping.source.length > 0);
  }
});

const rule = (more: Partial<ShapingRule> = {}): ShapingRule => ({
  name: "r",
  providers: null,
  match: { codes: [421] },
  trigger: { replies: 3, withinMs: 1000 },
  action: { kind: "suspend", scope: "address" },
  forMs: 10_000,
  ...more,
});
const seen = (at: number, more: Partial<Observed> = {}): Observed => ({
  at,
  provider: "yahoo",
  address: "192.0.2.1",
  pool: "acme",
  reply: reply("421 4.7.0 no"),
  ...more,
});

Deno.test("enough replies within the time, of one address and provider", () => {
  const { observe } = createAutomation({ rules: () => [rule()] });
  assert.equal(observe(seen(0)), null);
  assert.equal(observe(seen(10, { address: "192.0.2.2" })), null);
  assert.equal(observe(seen(20, { provider: "google" })), null);
  assert.equal(observe(seen(30, { reply: null })), null);
  assert.equal(observe(seen(900)), null);
  assert.equal(observe(seen(1001)), null);
  assert.deepEqual(observe(seen(1500)), {
    rule: "r",
    provider: "yahoo",
    address: "192.0.2.1",
    pool: "acme",
    action: { kind: "suspend", scope: "address" },
    from: 1500,
    until: 11_500,
    figures: { replies: 3, withinMs: 1000, code: 421, enhanced: "4.7.0", reply: "no" },
    words: "Nothing from 192.0.2.1 to yahoo for 0 minutes: 3 such replies within 0 minutes.",
  });
});

Deno.test("while something is done it is not done again, but prolonged when it does not help", () => {
  const { observe, known } = createAutomation({
    rules: () => [rule({ trigger: { replies: 1, withinMs: 1 } })],
  });
  assert.equal(observe(seen(0))!.until, 10_000);
  assert.equal(observe(seen(4000)), null);
  assert.equal(observe(seen(6000))!.until, 16_000);
  known({ rule: "r", provider: "yahoo", address: "192.0.2.1", until: 0 });
  assert.equal(observe(seen(6001))!.until, 16_001);
  known({ rule: "r", provider: "yahoo", address: "192.0.2.1", until: 60_000 });
  assert.equal(observe(seen(20_000)), null);
});

Deno.test("what is done everywhere counts the replies to all addresses", () => {
  const everywhere = { kind: "suspend", scope: "provider" } as const;
  const { observe } = createAutomation({ rules: () => [rule({ action: everywhere })] });
  observe(seen(0));
  observe(seen(1, { address: "192.0.2.2" }));
  assert.equal(observe(seen(2, { address: "192.0.2.3" }))!.address, null);
});

Deno.test("memory is bounded, whoever sends what", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(50), fc.nat(5000)), { maxLength: 300 }), (outcomes) => {
      const { observe } = createAutomation({ rules: () => [rule()], capacity: 10 });
      const times = outcomes.map(([, at]) => at).sort((a, b) => a - b);
      outcomes.forEach(([address], i) => {
        const made = observe(seen(times[i]!, { address: `192.0.2.${address}` }));
        assert.ok(made === null || made.until === times[i]! + 10_000);
      });
    }),
  );
});

Deno.test("limits: the provider's, and what measures leave of them", () => {
  const at = 1000;
  const measure = (name: string, address: string | null, action: ShapingRule["action"]) =>
    fact("shaping.applied", {
      rule: name,
      provider: "orange",
      address,
      pool: "acme",
      action,
      until: 2000,
      figures: {},
      words: "",
    }, { at });
  const state = given(
    measure("a", "192.0.2.1", { kind: "connections", most: 1 }),
    measure("b", null, { kind: "slow", perMinute: 30 }),
    measure("c", "192.0.2.1", { kind: "slow", perMinute: 5 }),
  );
  const of = (ip: string, provider: string, at: number) => limitsOf(state, { ip, provider, at });
  const usual = { connections: 3, messagesPerConnection: 100, perMinute: null };
  assert.deepEqual(of("192.0.2.1", "orange", at), { ...usual, connections: 1, perMinute: 5 });
  assert.deepEqual(of("192.0.2.2", "orange", at), { ...usual, perMinute: 30 });
  assert.deepEqual(of("192.0.2.1", "orange", 2000), usual);
  assert.deepEqual(of("192.0.2.1", "constructor", at).connections, DEFAULT_SHAPING.connections);
});

Deno.test("a pace is kept over any minute, with a second's worth at once", () => {
  const rate = fc.integer({ min: 1, max: 1200 });
  fc.assert(fc.property(rate, fc.array(fc.nat(3000), { maxLength: 200 }), (perMinute, waits) => {
    const pace = createPace(10);
    const starts: number[] = [];
    let now = 0;
    for (const wait of waits) {
      now = Math.max(now + wait, pace.at("k", perMinute, now + wait));
      pace.started("k", perMinute, now);
      starts.push(now);
    }
    const most = perMinute + Math.max(1, Math.ceil(perMinute / 60));
    starts.forEach((start, i) => {
      assert.ok(starts.slice(i).filter((t) => t < start + MINUTE).length <= most);
    });
  }));
  const pace = createPace(2);
  pace.started("k", null, 0);
  assert.equal(pace.at("k", null, 5), 5);
  pace.started("k", 6, 0);
  assert.equal(pace.at("k", 6, 5), 10_000);
});
