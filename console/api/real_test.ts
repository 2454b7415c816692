import assert from "node:assert/strict";
import { createExports, createQueries, migrate, runLoader } from "@chappe/analytics";
import {
  openClickHouse,
  openStreams,
  startTestClickHouse,
  startTestNats,
} from "@chappe/src/embedded";
import { connectStation } from "@chappe/src/log";
import { followConsents } from "@chappe/src/recipients";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import {
  changeSettings,
  createAccessLog,
  createAccount,
  createVault,
  digestApiKey,
  followSettings,
} from "@chappe/src/settings";
import { problemIn, send } from "../test_api.ts";
import { createTestConsole } from "../test_console.ts";

const key = "real-key";

Deno.test("on a real log and ClickHouse, whoever changes something sees it at once", async (t) => {
  await using nats = await startTestNats();
  await using clickhouse = await startTestClickHouse();
  const station = await connectStation({ url: nats.url, now: Date.now, logger: SILENT });
  const { events } = station;
  const stop = new AbortController();
  const { signal } = stop;
  const vault = createVault(new Uint8Array(32).fill(3));
  const onError = () => {};
  const account = (id: string, digest: string) => ({
    id,
    name: id,
    senders: [],
    smtp: null,
    apiKey: { key: "first", name: "first", digest },
    user: null,
  });
  await changeSettings(events, (s) => [
    ...createAccount(s, account("acme", digestApiKey(key))),
    {
      type: "settings.token-key-created",
      account: "platform",
      data: { kid: 1, secret: vault.seal(new Uint8Array(32)) },
    },
  ], Date.now);
  const settings = await followSettings({ events, vault, signal, onError });
  await migrate(clickhouse.client);
  const loading = runLoader({
    events,
    client: clickhouse.client,
    maxWaitMs: 20,
    now: Date.now,
    logger: SILENT,
    metrics: createMetrics(),
    signal,
  });
  const reader = await openClickHouse({ path: clickhouse.path });
  const queries = createQueries(reader);
  const streams = await openStreams({ path: clickhouse.path });
  const console = createTestConsole({
    queries,
    exports: createExports(streams, queries),
    settings,
    events,
    access: createAccessLog({
      events,
      now: Date.now,
      newId: () => crypto.randomUUID(),
      logger: SILENT,
    }),
    consents: await followConsents({ events, signal, onError }),
    now: Date.now,
  });
  const ask = <T>(request: string, body?: unknown, headers = {}) =>
    send<T>(console, request, body, { key, ...headers });
  try {
    await t.step("a recipient is on the list, then off it", async () => {
      for (let round = 0; round < 10; round++) {
        const recipient = `r${round % 3}@b.example`;
        assert.equal((await ask("POST /suppressions", { recipient })).status, 201);
        const list = await ask<{ items: unknown[] }>(`GET /suppressions?recipient=${recipient}`);
        assert.equal(list.body.items.length, 1);
        assert.equal((await ask(`DELETE /suppressions/${recipient}`)).status, 204);
        problemIn(await ask(`GET /suppressions/${recipient}`), 404);
      }
    });

    await t.step("a file is on the list, and comes out as it went in", async () => {
      const lines = Array.from(
        { length: 1200 },
        (_, i) => `r${String(i).padStart(4, "0")}@c.example`,
      );
      const type = { "content-type": "text/csv" };
      const report = await ask<{ added: number }>(
        "POST /suppressions/import",
        lines.join("\n"),
        type,
      );
      assert.equal(report.body.added, 1200);
      const file = await ask<string>("GET /suppressions/export");
      const recipients = file.body.trim().split("\r\n").slice(1).map((row) => row.split(",")[0]);
      assert.deepEqual(recipients, lines);
    });

    await t.step("the list as a file, with its filter, columns and progress", async () => {
      const parameters = {
        format: "csv",
        columns: "reason,recipient",
        recipient: "r000",
        sort: "recipient",
      };
      const made = await ask<{ id: string; rowsTotal: number }>("POST /exports", {
        grid: "suppressions",
        parameters,
      });
      assert.equal(made.body.rowsTotal, 10);
      const file = await ask<string>(`GET /exports/${made.body.id}/file`);
      const lines = file.body.trim().split("\r\n");
      assert.equal(lines[0], "reason,recipient");
      assert.deepEqual(
        lines.slice(1).map((line) => line.split(",")[1]!.slice(0, 5)),
        [
          ...Array(10).fill("r000"),
        ].map((start, i) => `${start}${i}`),
      );
      const now = await ask<{ state: string; rowsDone: number }>(`GET /exports/${made.body.id}`);
      assert.deepEqual([now.body.state, now.body.rowsDone], ["done", 10]);
    });

    await t.step("a login, a consent and the last use of a key", async () => {
      const issued = await ask<{ login: string }>("POST /credentials", {});
      const logins = await ask<{ items: { login: string }[] }>("GET /credentials");
      assert.deepEqual(logins.body.items.map(({ login }) => login), [issued.body.login]);
      await ask("PUT /consents/a@b.example", { tracking: false });
      const consent = await ask<{ tracking: boolean }>("GET /consents/a@b.example");
      assert.equal(consent.body.tracking, false);
      const keys = await ask<{ items: { lastUsedAt: string | null }[] }>("GET /api-keys");
      assert(keys.body.items[0]!.lastUsedAt !== null);
    });
  } finally {
    stop.abort();
    await loading;
    await reader.close();
    await station.close();
  }
});
