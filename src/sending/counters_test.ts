/** The choice over real registers: nodes with connections of their own, and a log killed in between. */
import assert from "node:assert/strict";
import { startTestNats } from "../embedded/mod.ts";
import { connectStation, LogUnavailableError, type Station } from "../log/mod.ts";
import { SILENT } from "../runtime/mod.ts";
import { hourCap } from "./allowance.ts";
import { type Chooser, createChooser } from "./chooser.ts";
import { Ledger } from "./ledger.ts";
import { createSheets } from "./sheets.ts";
import { address, fact, given } from "./test_state.ts";
import { HOUR } from "./time.ts";

/** 09:58: the whole hour is released. */
const NOW = Date.UTC(2026, 10, 22, 9, 58);
const DAY_CAP = 24_000;
const state = given(
  fact("settings.pool-created", { pool: "acme", kind: "dedicated", owner: "acme" }),
  fact("settings.pools-assigned", { pools: ["acme"], overflow: "shared" }, { account: "acme" }),
  fact("settings.calendar-defined", {
    calendar: "c",
    days: [DAY_CAP],
    increment: 0,
    lastDay: 9,
    providers: {},
  }),
  ...["192.0.2.1", "192.0.2.2"].map((ip) =>
    address(ip, "acme", { day: 1, date: "2026-11-22", calendar: "c" })
  ),
);

Deno.test("two nodes, kill -9 of the log: never more than the hour's allowance", async () => {
  await using nats = await startTestNats();
  const open = () => connectStation({ url: nats.url, now: Date.now, logger: SILENT });
  const stations: Station[] = [await open(), await open()];
  const clock = { at: NOW };
  const choosers: Chooser[] = stations.map(({ counters, registers }, i) =>
    createChooser({
      state: () => state,
      ledger: new Ledger(),
      sheets: createSheets({ registers, before: (key) => counters.get(key) }),
      node: `n${i}`,
      now: () => clock.at,
    })
  );
  const sent = new Map<string | null, number>();
  let failed = 0;
  let made = 0;
  async function send(node: number): Promise<void> {
    try {
      const chosen = await choosers[node]!.choose({
        account: "acme",
        provider: "google",
        copy: `c${made++}`,
      });
      assert.equal(chosen.kind, "send");
      if (chosen.kind === "send") sent.set(chosen.address, (sent.get(chosen.address) ?? 0) + 1);
    } catch (error) {
      if (!(error instanceof LogUnavailableError)) throw error;
      failed++;
    }
  }
  const allowed = hourCap(DAY_CAP, 9);
  try {
    for (let i = 0; i < 1000; i++) await send(i % 2);
    const under = Array.from({ length: 200 }, (_, i) => send(i % 2));
    await nats.kill();
    await nats.restart();
    await Promise.all(under);
    await Promise.all(Array.from({ length: 3000 }, (_, i) => send(i % 2)));
    for (const ip of ["192.0.2.1", "192.0.2.2"]) assert.ok(sent.get(ip)! <= allowed);
    // The next hour nothing is killed, and all of it is used.
    clock.at += HOUR;
    sent.clear();
    await Promise.all(Array.from({ length: 3000 }, (_, i) => send(i % 2)));
    assert.deepEqual([sent.get("192.0.2.1"), sent.get("192.0.2.2")], [allowed, allowed]);
    assert.equal(sent.get(null), 1000);
    assert.ok(failed <= 200);
  } finally {
    await Promise.all(stations.map((station) => station.close()));
  }
});
