import assert from "node:assert/strict";
import { createTestConsole } from "./test_console.ts";

Deno.test("health, readiness and metrics answer without login", async () => {
  const { app } = createTestConsole();
  assert.equal((await app.request("/healthz")).status, 200);
  assert.equal((await app.request("/readyz")).status, 200);
  const metrics = await app.request("/metrics");
  assert.match(metrics.headers.get("content-type")!, /^text\/plain; version=0\.0\.4/);
  assert.equal(await metrics.text(), "chappe_up 1\n");
});

Deno.test("not ready says which part, and why", async () => {
  const parts = { log: "ok", clickhouse: "connection refused" };
  const { app } = createTestConsole({ ready: () => Promise.resolve({ ok: false, parts }) });
  const response = await app.request("/readyz");
  assert.equal(response.status, 503);
  assert.deepEqual((await response.json()).parts, parts);
});

Deno.test("health that cannot be asked is a problem, not a page", async () => {
  const away = () => Promise.reject(new Error("no answer"));
  const { app } = createTestConsole({ ready: away, metricsText: away });
  for (const path of ["/readyz", "/metrics"]) {
    const response = await app.request(path);
    assert.equal(response.status, 500);
    assert.equal(response.headers.get("content-type"), "application/problem+json");
    await response.body?.cancel();
  }
});

Deno.test("every file a page names is served, for ever", async () => {
  const { app } = createTestConsole();
  const page = await (await app.request("/login")).text();
  const urls = [...page.matchAll(/"(\/static\/[^"]+)"/g)].map((m) => m[1]!);
  assert.equal(urls.length, 3);
  const script = urls.find((url) => url.endsWith("app.js"))!;
  for (
    const url of [
      ...urls,
      script.replace("app.js", "live.js"),
      script.replace("app.js", "morph.js"),
    ]
  ) {
    const response = await app.request(url);
    assert.equal(response.status, 200, url);
    assert.match(response.headers.get("cache-control")!, /immutable/);
    await response.body?.cancel();
  }
  for (const url of ["/static/old/app.js", `${script}x`, "/static/../mod.ts"]) {
    const response = await app.request(url);
    assert.notEqual(response.status, 200, url);
    assert.equal(response.headers.get("cache-control"), "no-store");
  }
});

Deno.test("pages answer wrong methods and large bodies in words", async () => {
  const { get } = createTestConsole();
  const refused = await get("/messages", { method: "PUT" });
  assert.equal(refused.status, 405);
  assert.match(refused.headers.get("allow")!, /GET/);
  const large = await get("/language", { method: "POST", body: "x".repeat(70_000) });
  assert.equal(large.status, 413);
  assert.match(await large.text(), /Too large/);
});
