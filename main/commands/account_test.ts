import assert from "node:assert/strict";
import type { Event } from "@chappe/src/events";
import { SILENT } from "@chappe/src/runtime";
import { createAccessLog, readSettings, verifyPassword } from "@chappe/src/settings";
import { UsageError } from "../exit.ts";
import { refused, withLog } from "./test_log.ts";

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

    await chappe(
      "account",
      "change",
      "acme",
      "--tracking=date-only",
      "--clicks=off",
      "--attachments=link",
    );
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
    assert.equal(shown.attachments, "link");
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
