import assert from "node:assert/strict";
import { startTestDns, type Zone } from "@chappe/src/dns";
import type { Event } from "@chappe/src/events";
import { recordsOf } from "@chappe/src/domains";
import { readConfig, SILENT } from "@chappe/src/runtime";
import {
  createAccessLog,
  createVault,
  parseMasterKey,
  readSettings,
  RefusedError,
  verifyPassword,
} from "@chappe/src/settings";
import { startTestNats } from "../../src/embedded/test_nats.ts";
import { UsageError } from "../exit.ts";
import { provision } from "../provision.ts";
import { openStation } from "../station.ts";
import type { Context } from "./context.ts";
import { COMMANDS, readCommand } from "./mod.ts";
import { asJson, asText } from "./output.ts";

Deno.test("wrong words are answered with the right ones", () => {
  const table: [string, RegExp][] = [
    ["", /^which command\?[^]*account create <id>/],
    ["accounts", /no command "accounts"/],
    ["account", /no command "account"[^]*chappe account list/],
    ["account crate acme", /no command "account crate"/],
    ["account create", /<id> is missing\n\n {2}chappe account create <id> \[--sender=/],
    ["account list acme", /"acme" is too much/],
    ["account list --verbose", /'--verbose'/],
    ["credential create shop", /--account is missing/],
    ["api-key create k --account=acme --role=king", /owner, operator, analyst; not "king"/],
    ["account change acme --opens=perhaps", /on, off; not "perhaps"/],
  ];
  for (const [words, answer] of table) {
    assert.throws(() => readCommand(words.split(" ").filter(Boolean)), (error) => {
      assert(error instanceof UsageError);
      assert.match(error.message, answer);
      return true;
    });
  }
});

Deno.test("help is there for all, for a noun and for a command", () => {
  const help = (...words: string[]) => {
    const answer = readCommand([...words, "--help"]);
    assert("help" in answer);
    return answer.help;
  };
  for (const { name } of COMMANDS) {
    assert(help().includes(name));
    assert(help(...name.split(" ")).includes(`chappe ${name}`));
  }
  assert(!help("sender").includes("account create"));
  assert.match(help("account", "limits"), /--messages-per-day=<number or none> +In each day/);
});

Deno.test("what is told is aligned for people and whole for programs", () => {
  const rows = [
    { login: "a", lastUsed: null, on: true },
    { login: "long name", lastUsed: new Date(0), on: false },
  ];
  assert.equal(
    asText({ rows, note: "All." }),
    "LOGIN      LAST USED          ON\na          -                  yes\n" +
      "long name  1970-01-01 00:00Z  no\n\nAll.",
  );
  assert.equal(asText({ rows: [] }), "none");
  assert.equal(JSON.parse(asJson({ rows }))[1].lastUsed, "1970-01-01T00:00:00.000Z");
  assert.equal(
    asText({ record: { account: "a", apiKey: ["x", "y"] } }),
    "account  a\napi key  x, y",
  );
});

/** A log of its own with the demo account, and commands that speak to it. */
async function withLog(
  env: Record<string, string>,
  test: (
    chappe: (...words: string[]) => Promise<ReturnType<typeof JSON.parse>>,
    context: Context,
  ) => Promise<void>,
): Promise<void> {
  await using nats = await startTestNats();
  const config = readConfig(
    { CHAPPE_NATS_URL: nats.url, CHAPPE_MASTER_KEY: "07".repeat(32), ...env },
    () => "",
  );
  const station = await openStation(config, nats.url, SILENT);
  try {
    await provision(station.events, config, createVault(parseMasterKey(config.masterKey!)));
    const context = { config, events: station.events, now: Date.now };
    await test(async (...words) => {
      const command = readCommand([...words, "--json"]);
      assert(!("help" in command) && command.json);
      const output = await command.run(context);
      assert(asText(output).length > 0);
      return JSON.parse(asJson(output));
    }, context);
  } finally {
    await station.close();
  }
}

const refused = (kind: string, message: RegExp) => (error: unknown) => {
  assert(error instanceof RefusedError, String(error));
  assert.equal(error.kind, kind);
  assert.match(error.message, message);
  return true;
};

Deno.test("an operator opens an account, gives it logins, keys and people, and takes them back", async () => {
  await withLog({}, async (chappe, context) => {
    const { events } = context;
    const made = await chappe(
      "account",
      "create",
      "acme",
      "--sender=ACME.example",
      "--user=ann@acme.example",
    );
    assert.deepEqual(made.senders, ["acme.example"]);
    const { state } = await readSettings(events);
    const ann = state.users.get("ann@acme.example")!;
    assert.equal(ann.role, "owner");
    assert(await verifyPassword(made.userPassword, ann.hash));
    assert(await verifyPassword(made.password, state.credentials.get("acme")!.hash));
    await assert.rejects(chappe("account", "create", "acme"), refused("taken", /exists already/));

    await chappe("account", "change", "acme", "--tracking=date-only", "--clicks=off");
    await chappe("account", "limits", "acme", "--messages-per-day=1000");
    const limits = await chappe(
      "account",
      "limits",
      "acme",
      "--messages-per-day=none",
      "--message-bytes=5000",
    );
    assert.deepEqual([limits.messagesPerDay, limits.messageBytes], [null, 5000]);
    await assert.rejects(chappe("account", "limits", "acme", "--message-bytes=few"), UsageError);
    const shown = await chappe("account", "show", "acme");
    assert.deepEqual(
      [shown.tracking, shown.opens, shown.clicks, shown.logins, shown.apiKeys, shown.users],
      ["date-only", true, false, ["acme"], ["first"], ["ann@acme.example"]],
    );

    await chappe("credential", "create", "shop", "--account=acme");
    const used = Promise.withResolvers<void>();
    createAccessLog({
      events: { append: (e) => events.append(e).finally(used.resolve) },
      now: Date.now,
      newId: () => crypto.randomUUID(),
      logger: SILENT,
    }).used("acme", "credential", "shop", "192.0.2.7");
    await used.promise;
    const logins = await chappe("credential", "list", "--account=acme");
    assert.deepEqual(
      logins.map((l: Record<string, string>) => [l["login"], l["lastIp"]]),
      [["acme", null], ["shop", "192.0.2.7"]],
    );
    assert(Date.now() - Date.parse(logins[1].lastUsed) < 60_000);
    await chappe("credential", "revoke", "shop", "--account=acme");
    await assert.rejects(
      chappe("credential", "revoke", "shop", "--account=acme"),
      refused("unknown", /no login "shop"/),
    );

    const { apiKey } = await chappe(
      "api-key",
      "create",
      "ops",
      "--account=platform",
      "--role=owner",
    );
    assert.equal(apiKey.length, 32);
    const keys = await chappe("api-key", "list", "--account=platform");
    assert.deepEqual([keys.length, keys[0].key, keys[0].role], [1, "ops", "owner"]);
    await chappe("api-key", "revoke", "ops", "--account=platform");

    const bob = await chappe(
      "user",
      "invite",
      "bob@acme.example",
      "--account=acme",
      "--role=analyst",
    );
    await assert.rejects(
      chappe("user", "remove", "ann@acme.example", "--account=acme"),
      refused("forbidden", /last owner/),
    );
    const fresh = await chappe(
      "user",
      "change",
      "bob@acme.example",
      "--account=acme",
      "--role=owner",
      "--new-password",
    );
    assert.notEqual(fresh.password, bob.password);
    await assert.rejects(
      chappe("user", "change", "bob@acme.example", "--account=acme"),
      UsageError,
    );
    await chappe("user", "remove", "ann@acme.example", "--account=acme");
    const people = await chappe("user", "list", "--account=acme");
    assert.deepEqual(people.map((u: Record<string, string>) => u["user"]), ["bob@acme.example"]);

    await chappe("sender", "add", "info@example.org", "--account=acme");
    await chappe("sender", "remove", "acme.example", "--account=acme");
    assert.deepEqual(await chappe("sender", "list", "--account=acme"), [
      { account: "acme", sender: "info@example.org" },
    ]);

    const by = new Set<string | undefined>();
    for await (const commit of events.read({ families: ["settings"] })) {
      for (const e of commit.events as Event[]) if (e.account === "acme") by.add(e.by);
    }
    assert.deepEqual([...by], ["operator"]);
  });
});

Deno.test("a domain is added, found in the DNS, published and rotated", async () => {
  const zones: Record<string, Zone> = {};
  await using dns = await startTestDns(zones);
  await withLog(
    { CHAPPE_DNS: `${dns.server.host}:${dns.server.port}` },
    async (chappe, { events, config }) => {
      const on = "--account=demo";
      const added = await chappe("domain", "add", "Shop.example", on, "--ed25519");
      const names = added.map((r: Record<string, string>) => r["name"]);
      for (const selector of ["chappe1", "chappe2", "chappe1-ed", "chappe2-ed"]) {
        assert(names.includes(`${selector}._domainkey.shop.example`));
      }
      const status = async (verb: string) =>
        (await chappe("domain", verb, "shop.example", on))
          .filter((r: Record<string, string>) => r["purpose"] === "dkim")
          .map((r: Record<string, string>) => r["status"]);
      assert.deepEqual(await status("show"), Array(4).fill("never checked"));
      assert.deepEqual(await status("check"), Array(4).fill("missing"));

      const own = (await readSettings(events)).state.domains.get("demo")!.get("shop.example")!;
      const publish = (name: string, type: string, value: string) => {
        if (type === "CNAME") zones[name] = { records: [{ type, value }] };
        if (type === "TXT") zones[name] = { records: [{ type, value: value.match(/.{1,255}/g)! }] };
      };
      for (const { name, type, value, targets } of recordsOf(own, config)) {
        publish(name, type, value);
        for (const target of targets) publish(value, target.type, target.value);
      }
      assert.deepEqual(await status("check"), Array(4).fill("ok"));
      assert.deepEqual(await status("show"), Array(4).fill("ok"));
      const { lines } = await chappe("domain", "zone");
      assert(
        lines.some((line: string) =>
          /^chappe1\.demo\.shop\.example\.dkim\.chappe\.localhost\. \d+ IN TXT "v=DKIM1; k=rsa; p=/
            .test(line)
        ),
      );

      const { newKeys } = await chappe("domain", "rotate", "shop.example", on);
      assert.deepEqual(newKeys, ["chappe2", "chappe2-ed"]);
      await assert.rejects(
        chappe("domain", "rotate", "shop.example", on),
        refused("forbidden", /check the domain/),
      );
      const list = await chappe("domain", "list", on);
      assert.deepEqual(list[1].verified.toSorted(), ["chappe1", "chappe1-ed"]);
      await chappe("domain", "remove", "shop.example", on);
      await assert.rejects(
        chappe("domain", "show", "shop.example", on),
        refused("unknown", /no domain "shop\.example"/),
      );
    },
  );
});

Deno.test("suppressions are added, imported, exported and taken back; consents too", async () => {
  await withLog({}, async (chappe, { events }) => {
    const on = "--account=demo";
    await chappe("suppression", "add", "Ann@Example.net", on, "--note=asked, by phone");
    const file = await Deno.makeTempFile({ suffix: ".csv" });
    await Deno.writeTextFile(
      file,
      "email,reason\nbob@example.net,complaint\nnobody\nBob@example.net,\n",
    );
    const report = await chappe("suppression", "import", file, on);
    assert.deepEqual([report.added, report.duplicates, report.refused], [1, 1, 1]);
    const list = await chappe("suppression", "list", on, "--limit=1");
    assert.deepEqual([list.length, list[0].recipient, list[0].reason], [
      1,
      "bob@example.net",
      "complaint",
    ]);

    const exported = await chappe("suppression", "export", on);
    assert.deepEqual(exported.map((e: Record<string, string>) => [e["recipient"], e["note"]]), [
      ["ann@example.net", "asked, by phone"],
      ["bob@example.net", null],
    ]);
    await chappe("suppression", "remove", "ann@example.net", on);
    await assert.rejects(
      chappe("suppression", "remove", "ann@example.net", on),
      refused("unknown", /not on the list/),
    );
    await assert.rejects(
      chappe("suppression", "add", "x@example.net", "--account=nobody"),
      refused("unknown", /no account/),
    );
    await assert.rejects(
      chappe("suppression", "add", "x", on),
      refused("invalid", /not an address/),
    );
    await assert.rejects(chappe("suppression", "list", on, "--limit=all"), UsageError);
    await Deno.remove(file);

    const { recipient, tracked } = await chappe("consent", "withdraw", "Ann@example.net", on);
    assert.deepEqual([recipient, tracked], ["ann@example.net", false]);
    await chappe("consent", "give", "ann@example.net", on);
    const tags: string[] = [];
    for await (const commit of events.read({ families: ["consent"] })) {
      for (const e of commit.events) if ("tag" in e.data) tags.push(e.data.tag);
    }
    assert.equal(tags.length, 2);
    assert.equal(tags[0], tags[1]);
  });
});
