import assert from "node:assert/strict";
import { type NewEvent, uuidv7 } from "../events/mod.ts";
import type { EventLog } from "../log/mod.ts";
import { createLogger, SILENT } from "../runtime/mod.ts";
import { accessKey, createAccessLog, readLastUses } from "./access_log.ts";

const HOUR = 3600_000;
const newId = () => uuidv7(0);

Deno.test("a name is written once an hour, each on its own", () => {
  let now = 0;
  const written: NewEvent[] = [];
  const append = (events: readonly NewEvent[]) => (written.push(...events), Promise.resolve([]));
  const log = createAccessLog({ events: { append }, now: () => now, newId, logger: SILENT });
  for (let i = 0; i < 100; i++) log.used("acme", "credential", "shop", "192.0.2.1");
  log.used("acme", "api-key", "shop", "192.0.2.1");
  log.used("other", "api-key", "shop", "192.0.2.1");
  assert.equal(written.length, 3);
  now = HOUR;
  log.used("acme", "credential", "shop", "192.0.2.2");
  assert.equal(written.length, 4);
  assert.deepEqual(written[3]!.data, { kind: "credential", name: "shop", ip: "192.0.2.2" });
});

Deno.test("a log that is away fails nobody, is told, and the next use tries again", async () => {
  const lines: string[] = [];
  let tries = 0;
  const append = () => (tries++, Promise.reject(new Error("the log is away")));
  const log = createAccessLog({
    events: { append },
    now: () => 0,
    newId,
    logger: createLogger((line) => lines.push(line), () => 0),
  });
  log.used("acme", "user", "a@b.example", "::1");
  log.used("acme", "user", "a@b.example", "::1");
  assert.equal(tries, 1);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.match(lines.join(), /access-not-recorded.*the log is away/);
  log.used("acme", "user", "a@b.example", "::1");
  assert.equal(tries, 2);
});

Deno.test("the last use is the newest, whatever the order in the log", async () => {
  const use = (at: number, ip: string) => ({
    type: "access.used",
    account: "acme",
    at,
    data: { kind: "credential", name: "shop", ip },
  });
  async function* commits() {
    yield { events: [use(5, "192.0.2.5"), use(9, "192.0.2.9")] };
    yield { events: [use(7, "192.0.2.7")] };
  }
  const read = () => commits() as unknown as ReturnType<EventLog["read"]>;
  const last = await readLastUses({ read }, 0);
  assert.deepEqual(last.get(accessKey("acme", "credential", "shop")), { at: 9, ip: "192.0.2.9" });
  assert.equal(last.get(accessKey("acme", "user", "shop")), undefined);
});
