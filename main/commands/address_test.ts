import assert from "node:assert/strict";
import { event, type NewEvent, uuidv7 } from "@chappe/src/events";
import type { Registers } from "@chappe/src/log";
import { hourKey } from "@chappe/src/sending";
import { UsageError } from "../exit.ts";
import { readCommand } from "./mod.ts";
import { print } from "./output.ts";
import { refused, withLog } from "./test_log.ts";

const DAY = 86_400_000;

Deno.test("addresses, pools and calendars, as an operator sees to them", async () => {
  await withLog({ CHAPPE_HOSTNAME: "mta.relay.example" }, async (chappe, context) => {
    await chappe("pool", "create", "gold", "--owner=demo");
    const added = await chappe("address", "add", "192.0.2.1", "--pool=gold", "--ehlo=a.example");
    assert.deepEqual([added.state, added.day, added.today], ["warming", 1, 50]);
    const shared = await chappe("address", "add", "2001:DB8::2", "--warm");
    assert.deepEqual([shared.address, shared.ehlo, shared.today], [
      "2001:db8::2",
      "mta.relay.example",
      null,
    ]);
    await assert.rejects(chappe("address", "add", "192.0.2.1"), refused("taken", /already/));
    await assert.rejects(chappe("address", "show", "192.0.2.3"), refused("unknown", /no source/));
    await assert.rejects(chappe("address", "add", "192.0.2.3", "--day=x"), UsageError);
    await assert.rejects(
      chappe("address", "change", "192.0.2.1", "--state=warm", "--day=2"),
      UsageError,
    );
    await chappe("calendar", "define", "slow", "--days=10,20", "--share=google=50%");
    const changed = await chappe("address", "change", "192.0.2.1", "--calendar=slow", "--day=2");
    assert.deepEqual([changed.calendar, changed.day, changed.today], ["slow", 2, 20]);
    const calendars = await chappe("calendar", "list");
    assert.deepEqual(calendars.map((c: { calendar: string }) => c.calendar), ["default", "slow"]);
    assert.deepEqual(calendars[1].shares, ["google 0.5"]);
    for (const wrong of ["--days=1,x", "--days=1 --share=google", "--days=1 --share=google=2"]) {
      await assert.rejects(chappe("calendar", "define", "bad", ...wrong.split(" ")), UsageError);
    }
    const paused = await chappe("address", "pause", "192.0.2.1", "--for=2h", "--reason=a test");
    assert.deepEqual([paused.state, paused.pausedBy], ["paused", "by-hand"]);
    await assert.rejects(chappe("address", "pause", "192.0.2.1", "--for=soon"), UsageError);
    assert.equal((await chappe("address", "resume", "192.0.2.1")).state, "warming");
    const assigned = await chappe("pool", "assign", "--account=demo", "--pool=gold");
    assert.deepEqual(assigned, { account: "demo", pools: ["gold"], overflow: "shared" });
    const waits = await chappe("pool", "assign", "--account=demo", "--pool=gold", "--wait");
    assert.equal(waits.overflow, "it waits");
    const pools = await chappe("pool", "list");
    assert.deepEqual(pools.map((p: { pool: string; accounts: string[] }) => [p.pool, p.accounts]), [
      ["shared", []],
      ["gold", ["demo"]],
    ]);
    await chappe("address", "remove", "192.0.2.1");
    assert.equal((await chappe("address", "list")).length, 1);
    let by: string | undefined;
    for await (const commit of context.events.read({ families: ["address"] })) {
      by = commit.events[0]!.by;
    }
    assert.equal(by, "operator");
  });
});

Deno.test("a warm-up is shown with what was taken and decided", async () => {
  await withLog({}, async (chappe, context) => {
    const now = Date.now();
    await chappe("address", "add", "192.0.2.1", "--ehlo=a.example", "--day=2");
    const key = hourKey("192.0.2.1", now);
    const registers = context.registers as Registers;
    await registers.write(key, { gone: 1, held: { c: "n.1" }, lent: { n: 1 } }, 0);
    const made = event(
      "address.warmup-held",
      { id: uuidv7(now), account: "platform", at: now },
      {
        address: "192.0.2.1",
        day: 2,
        date: new Date(now).toISOString().slice(0, 10),
        cap: 100,
        rule: "deferred",
        figures: { sent: 3 },
        words: "Day 2 again: 3 of 100 sent.",
      },
    );
    await context.events.append([made as NewEvent]);
    const { days, today, decisions } = await chappe("warmup", "show", "192.0.2.1");
    assert.deepEqual([days[0].day, days[0].cap, days[0].taken], [2, 100, 3]);
    assert.equal(today.hours.reduce((a: number, b: number) => a + b), 3);
    assert.equal(decisions[0].words, "Day 2 again: 3 of 100 sent.");
  });
});

Deno.test("a warm-up is simulated on a volume or an account's past, as table or chart data", async () => {
  await withLog({}, async (chappe, context) => {
    const result = await chappe("warmup", "simulate", "--volume=5000", "--days=2");
    assert.deepEqual(
      result.days.map((d: { dedicated: number; overflow: number }) => [d.dedicated, d.overflow]),
      [[100, 4900], [200, 4800]],
    );
    const command = readCommand(
      "warmup simulate --volume=5000 --days=1 --wait --csv=days".split(" "),
    );
    assert(!("help" in command));
    let text = "";
    await print(await command.run(context), false, (line) => text += line);
    assert.match(
      text,
      /^date,arrived,dedicated,overflow,waiting\n20\d\d-\d\d-\d\d,5000,100,0,4900$/,
    );
    const past = chappe("warmup", "simulate", "--account=demo");
    await assert.rejects(past, refused("unknown", /no past traffic/));

    const message = uuidv7(Date.now());
    const at = Date.now() - DAY;
    const accepted = {
      sender: "a@example.com",
      recipients: [{ address: "You@example.net", kind: "to" as const }],
      from: "a@example.com",
      subject: "x",
      messageId: "x",
      size: 1,
      body: "b",
      references: {
        billingCode: null,
        customerReference: null,
        attention1: null,
        attention2: null,
        attention3: null,
        attention4: null,
        attention5: null,
        attention6: null,
        attention7: null,
        attention8: null,
      },
      tracking: { mode: "off" as const, opens: false, clicks: false },
      listUnsubscribe: "off" as const,
      smtputf8: false,
      client: { ip: "127.0.0.1", ehlo: "client", tls: null, login: "demo" },
    };
    const envelope = { account: "demo", at, message };
    const delivered = {
      attempt: 1,
      address: "192.0.2.1",
      pool: "gold",
      provider: "example_net",
      domain: "example.net",
      mx: "mx.example.net",
      tls: null,
      tookMs: 3,
      why: { rule: "own-pool", figures: { addresses: 1 } },
      reply: { code: 250, enhanced: "2.0.0", text: "Ok" },
    };
    await context.events.append([
      event("message.accepted", { id: uuidv7(at), ...envelope }, accepted) as NewEvent,
      event("delivery.delivered", { id: uuidv7(at), ...envelope, rcpt: 0 }, delivered) as NewEvent,
    ]);
    const own = await chappe("warmup", "simulate", "--account=demo", "--days=2");
    assert.deepEqual(own.days.map((d: { arrived: number }) => d.arrived), [1, 1]);

    const story = await chappe("why", message, "you@EXAMPLE.net");
    assert.deepEqual(story.map((e: { type: string }) => e.type), [
      "message.accepted",
      "delivery.delivered",
    ]);
    assert.match(story[1].words[0], /Attempt 1 from 192\.0\.2\.1 \(pool gold\).*250 2\.0\.0 Ok/);
    await assert.rejects(chappe("why", message, "x@y.example"), refused("unknown", /did not go/));
    const none = chappe("why", uuidv7(1), "x@y.example");
    await assert.rejects(none, refused("unknown", /no message/));
    await assert.rejects(chappe("why", "5", "x@y.example"), UsageError);
    for (
      const wrong of [
        "",
        "--volume=0",
        "--volume=5 --account=demo",
        "--volume=5 --bounce-rate=200%",
        "--volume=5 --days=0",
      ]
    ) {
      await assert.rejects(
        chappe("warmup", "simulate", ...wrong.split(" ").filter(Boolean)),
        UsageError,
      );
    }
  });
});

Deno.test("shaping rules are listed, defined, switched off and tried on the past", async () => {
  await withLog({}, async (chappe) => {
    const [shipped] = await chappe("shaping", "list");
    const off = await chappe("shaping", "off", shipped.rule);
    assert.deepEqual([off.on, off.shipped], [false, false]);
    assert.equal((await chappe("shaping", "on", shipped.rule)).on, true);
    const words = "mine --provider=google --code=421 --text=slow --within=5m --suspend=address";
    const made = await chappe("shaping", "define", ...words.split(" "));
    assert.deepEqual([made.reply, made.when, made.then], [
      ["421", "/slow/"],
      "3 in 5 min",
      "suspend address",
    ]);
    const tried = await chappe("shaping", "define", ...words.split(" "), "--off");
    assert.deepEqual([made.on, tried.on], [true, false]);
    for (const wrong of ["mine --code=421", "mine --code=20 --suspend=address"]) {
      await assert.rejects(chappe("shaping", "define", ...wrong.split(" ")), UsageError);
    }
    const vague = chappe("shaping", "define", "mine", "--suspend=address");
    await assert.rejects(vague, refused("invalid", /names no code/));
    const tested = await chappe("shaping", "backtest", "mine", "--days=3");
    assert.deepEqual([tested.attempts, tested.measures], [0, []]);
    assert.deepEqual(await chappe("shaping", "list", "--measures"), []);
    await assert.rejects(chappe("shaping", "backtest", "none"), refused("unknown", /no rule/));
  });
});
