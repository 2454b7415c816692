/** For tests: an embedded ClickHouse engine of one's own in a throw-away directory. */
import type { ClickHouseClient } from "@clickhouse/client";
import { openClickHouse } from "./chdb.ts";

export interface TestClickHouse extends AsyncDisposable {
  readonly client: ClickHouseClient;
  readonly path: string;
}

/** `await using clickhouse = await startTestClickHouse()`. One at a time: the engine allows no more. */
export async function startTestClickHouse(
  given: { users?: string; config?: string } = {},
): Promise<TestClickHouse> {
  const path = await Deno.makeTempDir({ prefix: "chappe-clickhouse-" });
  const client = await openClickHouse({ path, ...given });
  return {
    client,
    path,
    async [Symbol.asyncDispose]() {
      await client.close();
      await Deno.remove(path, { recursive: true });
    },
  };
}
