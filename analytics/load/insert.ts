/** One batch into `facts`, as one block. */
import { insertRows } from "@chappe/src/embedded";
import type { ClickHouseClient } from "@clickhouse/client";
import { databaseName } from "../schema/database.ts";
import type { Batch } from "./batch.ts";
import { COLUMNS } from "./fact.ts";

/** Beyond any batch: rows and bytes at which ClickHouse would cut an insert into several blocks. */
const ONE_BLOCK = 4_000_000_000;

const SETTINGS = {
  async_insert: 0,
  insert_deduplicate: 1,
  // Several threads, or small blocks, would make several parts, and the insert no longer atomic.
  max_insert_threads: 1,
  input_format_parallel_parsing: 0,
  max_insert_block_size: ONE_BLOCK,
  min_insert_block_size_rows: ONE_BLOCK,
  min_insert_block_size_bytes: ONE_BLOCK,
};

/** Resolves when the rows stand in `facts` and `deliveries`. The same batch again changes nothing. */
export async function insert(client: ClickHouseClient, database: string, batch: Batch) {
  await insertRows(client, {
    table: `${databaseName(database)}.facts`,
    columns: COLUMNS,
    pieces: batch.pieces(),
    settings: { ...SETTINGS, insert_deduplication_token: `${batch.first}-${batch.last}` },
  });
}
