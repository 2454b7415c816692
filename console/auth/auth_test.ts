import assert from "node:assert/strict";
import { event, uuidv7 } from "@chappe/src/events";
import { createTestConsole } from "../test_console.ts";

const form = (fields: Record<string, string>, headers: HeadersInit = {}) => ({
  method: "POST",
  body: new URLSearchParams(fields),
  headers,
});
const right = { email: "Demo@Example.com ", password: "demo" };

Deno.test("the right password opens a session that no script can read", async () => {
  const { app } = createTestConsole();
  const response = await app.request("/login", form({ ...right, next: "/messages?type=cc" }));
  assert.equal(response.status, 303);
  assert.equal(response.headers.get("location"), "/messages?type=cc");
  const cookie = response.headers.get("set-cookie")!;
  assert.match(cookie, /^chappe_session=.*; HttpOnly; SameSite=Lax$/);
  assert.doesNotMatch(cookie, /Secure/);
});

Deno.test("behind HTTPS the session never travels in clear", async () => {
  const { app } = createTestConsole({ publicUrl: "https://console.example.com" });
  const response = await app.request("/login", form(right));
  assert.match(response.headers.get("set-cookie")!, /Secure/);
  assert.match(response.headers.get("strict-transport-security")!, /max-age=\d+/);
});

Deno.test("a wrong password, an unknown address and an empty form are refused alike", async () => {
  const { app } = createTestConsole();
  const cases = [{ email: "demo@example.com", password: "x" }, { email: "a@b.example" }, {}];
  const answers = await Promise.all(cases.map(async (fields) => {
    const response = await app.request("/login", form(fields as Record<string, string>));
    assert.equal(response.status, 401);
    assert.equal(response.headers.get("set-cookie"), null);
    return (await response.text()).match(/role="alert">([^<]+)/)?.[1];
  }));
  assert.equal(new Set(answers).size, 1);
});

Deno.test("an unknown address costs a password check too", async () => {
  const checked: unknown[] = [];
  const { app } = createTestConsole({
    verifyPassword: (_password, hash) => Promise.resolve(checked.push(hash) > 9),
  });
  await app.request("/login", form({ email: "nobody@example.com", password: "x" }));
  assert.deepEqual(checked, [undefined]);
});

Deno.test("guessing is slowed down, and says for how long", async () => {
  const { app, clock } = createTestConsole();
  const wrong = { email: "demo@example.com", password: "x" };
  for (let i = 0; i < 5; i++) {
    assert.equal((await app.request("/login", form(wrong))).status, 401);
  }
  const refused = await app.request("/login", form(right));
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("retry-after"), "1");
  clock.now += 1000;
  assert.equal((await app.request("/login", form(right))).status, 303);
});

Deno.test("one client's guesses do not lock another out", async () => {
  const { app } = createTestConsole();
  const from = (hostname: string, fields: Record<string, string>) => {
    const remoteAddr = { transport: "tcp", hostname, port: 1 } as const;
    return app.request("/login", form(fields), { remoteAddr });
  };
  for (let i = 0; i < 6; i++) await from("192.0.2.1", { ...right, password: "x" });
  assert.equal((await from("192.0.2.1", right)).status, 429);
  assert.equal((await from("192.0.2.2", right)).status, 303);
});

Deno.test("a session that is forged, changed, ended or of an old password is none", async () => {
  const { app, logIn, clock } = createTestConsole();
  const cookie = await logIn();
  const status = async (cookie: string) => (await app.request("/", { headers: { cookie } })).status;
  assert.equal(await status(cookie), 200);
  assert.equal(await status("chappe_session=abc"), 303);
  assert.equal(await status(cookie.replace("demo", "other")), 303);
  assert.equal(await status(cookie.slice(0, -6)), 303);
  clock.now += 12 * 3_600_000;
  assert.equal(await status(cookie), 303);

  const secret = new Uint8Array(32).fill(8);
  const elsewhere = await createTestConsole({ sessionSecret: secret }).logIn();
  clock.now -= 12 * 3_600_000;
  assert.equal(await status(elsewhere), 303, "signed with another secret");
});

Deno.test("a new password, or a removal, ends a user's sessions at once", async () => {
  for (
    const change of [
      { type: "settings.user-changed", data: { email: "demo@example.com", hash: "of another" } },
      { type: "settings.user-removed", data: { email: "demo@example.com" } },
    ] as const
  ) {
    const { app, log, logIn } = createTestConsole();
    const cookie = await logIn();
    const status = async () => (await app.request("/", { headers: { cookie } })).status;
    assert.equal(await status(), 200);
    const { type, data } = change;
    await log.append([event(type, { id: uuidv7(0), account: "demo", at: 0 }, data)]);
    assert.equal(await status(), 303, type);
  }
});

Deno.test("a new role counts at once, in the session too", async () => {
  const { get, log } = createTestConsole();
  const body = JSON.stringify({ name: "Demo & Co" });
  const init = { method: "PATCH", body, headers: { "content-type": "application/json" } };
  assert.equal((await get("/api/v1/account", init)).status, 200);
  const data = { email: "demo@example.com", role: "analyst" } as const;
  await log.append([
    event("settings.user-changed", { id: uuidv7(0), account: "demo", at: 0 }, data),
  ]);
  const refused = await get("/api/v1/account", init);
  assert.equal(refused.status, 403);
  assert.match((await refused.json()).detail, /needs the role owner; you are analyst/);
});

Deno.test("who signs in, or uses a key, is noted with the address", async () => {
  const { app, used, logIn } = createTestConsole();
  await logIn();
  const remoteAddr = { transport: "tcp", hostname: "192.0.2.1", port: 1 } as const;
  await app.request("/login", form(right), { remoteAddr });
  await app.request("/login", form({ ...right, password: "x" }), { remoteAddr });
  const headers = { authorization: "Bearer test-key" };
  await app.request("/api/v1/messages", { headers }, { remoteAddr });
  assert.deepEqual(used, [
    "demo user demo@example.com ",
    "demo user demo@example.com 192.0.2.1",
    "demo api-key k1 192.0.2.1",
  ]);
});

Deno.test("signing out takes the cookie back", async () => {
  const { get } = createTestConsole();
  const response = await get("/logout", { method: "POST" });
  assert.equal(response.status, 303);
  assert.match(response.headers.get("set-cookie")!, /^chappe_session=; Max-Age=0/);
});

Deno.test("pages need a session, and login leads back to them", async () => {
  const { app } = createTestConsole();
  const response = await app.request("/messages?status=opened");
  assert.equal(response.status, 303);
  assert.equal(response.headers.get("location"), "/login?next=%2Fmessages%3Fstatus%3Dopened");
});

Deno.test("login leads to no other site", async () => {
  for (const next of ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil"]) {
    const { app } = createTestConsole();
    const response = await app.request("/login", form({ ...right, next }));
    assert.equal(response.headers.get("location"), "/", next);
  }
});

Deno.test("another site cannot make a browser post", async () => {
  const { get } = createTestConsole({ publicUrl: "https://console.example.com" });
  const refused: Record<string, string>[] = [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "https://evil.example" },
    { origin: "null" },
  ];
  for (const headers of refused) {
    const response = await get("/logout", form({}, headers));
    assert.equal(response.status, 403, JSON.stringify(headers));
    assert.equal(response.headers.get("set-cookie"), null);
  }
  const allowed: Record<string, string>[] = [
    { "sec-fetch-site": "same-origin" },
    { origin: "https://console.example.com" },
  ];
  for (const headers of allowed) {
    assert.equal((await get("/logout", form({}, headers))).status, 303);
  }
});
