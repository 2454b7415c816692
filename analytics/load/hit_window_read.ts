/** The window of latest hits as it was when the last of them was loaded, read back from `facts`. */
import type { ClickHouseClient } from "@clickhouse/client";
import { databaseName } from "../schema/database.ts";
import type { Actor } from "./classify/mod.ts";
import { copyOf } from "./hit.ts";
import { HitWindow } from "./hit_window.ts";

interface Row {
  id: string;
  type: string;
  message: string;
  rcpt: number;
  at: number;
  since_sent: number;
  user_agent: string;
  hints: string;
  ip: string;
  link: number;
  actor: Actor;
  reason: string;
  revokes: string[];
  recorded: number;
}

const NUMBERS_AS_SUCH = "output_format_json_quote_64bit_integers = 0";

export async function readHitWindow(
  client: ClickHouseClient,
  database: string,
): Promise<HitWindow> {
  const facts = `${databaseName(database)}.facts`;
  const result = await client.query({
    query: `SELECT id, type, message, rcpt, toUnixTimestamp64Milli(facts.at) AS at, since_sent,
        user_agent, JSONExtractRaw(data, 'hints') AS hints, ip, link, actor, reason, revokes,
        toUnixTimestamp64Milli(facts.recorded) AS recorded
      FROM ${facts} AS facts
      WHERE type IN ('engagement.opened', 'engagement.clicked')
        AND facts.recorded >=
          (SELECT max(recorded) FROM ${facts}) - toIntervalMillisecond(${HitWindow.KEEP_MS})
      ORDER BY seq DESC, idx DESC LIMIT ${HitWindow.HELD} SETTINGS ${NUMBERS_AS_SUCH}`,
    format: "JSONEachRow",
  });
  const window = new HitWindow();
  for (const row of (await result.json<Row>()).reverse()) {
    const hit = {
      id: row.id,
      kind: row.type === "engagement.opened" ? "open" as const : "click" as const,
      at: row.at,
      sinceSent: row.since_sent === -1 ? null : row.since_sent,
      userAgent: row.user_agent,
      hints: JSON.parse(row.hints || "{}") as Record<string, string>,
      ip: row.ip,
      link: row.link === -1 ? null : row.link,
      actor: row.actor,
      reason: row.reason,
    };
    window.hold(copyOf(row.message, row.rcpt), hit, row.revokes, row.recorded);
  }
  return window;
}
