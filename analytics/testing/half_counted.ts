/** For tests: events that come in bit by bit, while days are counted, some again, some broken off. */
import assert from "node:assert/strict";
import type { ClickHouseClient } from "@clickhouse/client";
import type { Event } from "@chappe/src/events";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import { countDays, staleDays } from "../load/count_days.ts";
import { rebuild } from "../load/rebuild/rebuild.ts";
import { catchUp } from "./catch_up.ts";
import { createMemoryLog, fill } from "./memory_log.ts";

/**
 * Ends with a rebuild.
 * @param check called before some days are counted, and after
 * @returns how many days were counted
 */
export async function halfCounted(
  client: ClickHouseClient,
  events: readonly Event[],
  random: () => number,
  check: (isCounted: boolean) => Promise<void>,
): Promise<number> {
  const log = createMemoryLog();
  const place = { client, database: "chappe", cluster: null };
  const given = {
    events: log,
    client,
    maxRows: 150,
    maxWaitMs: 1,
    now: () => 0,
    logger: SILENT,
    metrics: createMetrics(),
    signal: new AbortController().signal,
  };
  let counted = 0;
  for (let done = 0; done < events.length;) {
    const end = done + 50 + Math.floor(random() * 400);
    fill(log, events.slice(done, end), 20);
    done = end;
    await catchUp(given);
    const last = await log.lastSeq();
    await check(false);
    const still = random() < 0.3 ? Math.floor(last * random()) : last;
    for (const { account, days } of await staleDays(place, still)) {
      const some = days.filter(() => random() < 0.7);
      if (some.length === 0) continue;
      const broken = random() < 0.2;
      const { client: through } = broken ? { client: dying(client, random()) } : place;
      const counting = countDays({ ...place, client: through }, { account, days: some }, last);
      if (broken) await assert.rejects(counting, /killed/);
      else await counting;
      counted += broken ? 0 : some.length;
    }
    await check(true);
  }
  await rebuild({ ...given, onProgress: () => {} });
  await check(true);
  return counted;
}

/** Its connection breaks at some step, at the latest before a day is noted. */
function dying(client: ClickHouseClient, when: number): ClickHouseClient {
  let left = Math.floor(when * 5);
  return new Proxy(client, {
    get(target, name) {
      if (name !== "command") return Reflect.get(target, name).bind(target);
      return ({ query, ...params }: { query: string }) =>
        left-- === 0 || /\.days /.test(query)
          ? Promise.reject(new Error("killed"))
          : target.command({ query, ...params });
    },
  });
}
