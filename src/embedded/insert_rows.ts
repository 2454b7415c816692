/** Rows that are written out already, into ClickHouse as they are. */
import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import type { ClickHouseClient } from "@clickhouse/client";
import { connectionOf } from "./chdb.ts";

export interface Rows {
  /** With its database. */
  table: string;
  columns: readonly string[];
  /** TabSeparated, in the order of the columns; cut anywhere. Not to be changed meanwhile. */
  pieces: readonly Uint8Array<ArrayBuffer>[];
  settings: Readonly<Record<string, string | number>>;
}

/**
 * Resolves when ClickHouse has taken them, with all that is folded from them. The embedded engine reads
 * the bytes where they lie; as values of its client's `exec` they would become a text first, on this
 * thread, and then bytes again.
 */
export async function insertRows(
  client: ClickHouseClient,
  { table, columns, pieces, settings }: Rows,
): Promise<void> {
  if (pieces.every(({ length }) => length === 0)) return;
  const embedded = connectionOf(client);
  if (embedded !== null) {
    const values = Buffer.concat(pieces);
    const format = "TabSeparated";
    await embedded.chdb.rawInsert({ table, columns: [...columns], values, settings, format });
    return;
  }
  const set = Object.entries(settings)
    .map(([name, value]) => `${name} = ${typeof value === "string" ? `'${value}'` : value}`);
  const { stream } = await client.exec({
    query: `INSERT INTO ${table} (${columns.join(", ")}) ` +
      `${set.length === 0 ? "" : `SETTINGS ${set.join(", ")} `}FORMAT TabSeparated`,
    values: Readable.from(pieces),
  });
  // The answer has no body; the connection is free again once its end was read.
  for await (const _ of stream);
}
