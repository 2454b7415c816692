/** Analysts' SQL on a ClickHouse server: asked as a user of the account's own (grants.ts). */
import { type ClickHouseClient, createClient } from "@clickhouse/client";
import { QUIET } from "@chappe/src/embedded";
import { createHash, createHmac } from "node:crypto";
import { createBuilder } from "../queries/compiler.ts";
import type { Cluster } from "../schema/cluster.ts";
import { databaseName, DEFAULT_DATABASE } from "../schema/database.ts";
import { noSelect, sqlErrorOf } from "./error.ts";
import { CONSOLE, userOf, userStatements, viewsOf, viewStatements } from "./grants.ts";
import { LIMITS } from "./limits.ts";
import { ENGINE_FORMATS, type Sql, type SqlQuestion } from "./port.ts";
import { checkReach } from "./reach.ts";

export interface ServerSqlOptions {
  /** The platform's own client, whose user may make users and policies. */
  client: ClickHouseClient;
  url: string;
  /** The users' passwords come of it; the same for all console processes. */
  secret: Uint8Array;
  database?: string;
  /** Whose servers all get the users; null, the default: a single server. */
  cluster?: Cluster;
}

export function createServerSql(
  { client, url, secret, database = DEFAULT_DATABASE, cluster = null }: ServerSqlOptions,
): Sql {
  const db = createBuilder(databaseName(database));
  const opened = new Map<string, Promise<ClickHouseClient>>();

  async function open(account: string): Promise<ClickHouseClient> {
    const password = createHmac("sha256", secret).update(account).digest("base64url");
    const sha256 = createHash("sha256").update(password).digest("hex");
    const statements = [
      ...viewStatements(db, { database, cluster }, account),
      ...userStatements(account, CONSOLE, sha256, LIMITS, cluster),
    ];
    for (const query of statements) await client.command({ query });
    const { origin } = new URL(url);
    const username = userOf(account, CONSOLE);
    return createClient({
      url: origin,
      username,
      password,
      database: viewsOf(account),
      log: QUIET,
    });
  }
  function clientOf(account: string): Promise<ClickHouseClient> {
    const known = opened.get(account);
    if (known !== undefined) return known;
    const opening = open(account).catch((error) => {
      opened.delete(account);
      throw error;
    });
    opened.set(account, opening);
    return opening;
  }

  return {
    async ask(question, signal) {
      const asking = await clientOf(question.account);
      try {
        return await answer(client, asking, question, signal);
      } catch (error) {
        throw sqlErrorOf(error) ?? error;
      }
    },
    async close() {
      for (const client of await Promise.allSettled(opened.values())) {
        if (client.status === "fulfilled") await client.value.close();
      }
    },
  };
}

async function answer(
  own: ClickHouseClient,
  asking: ClickHouseClient,
  { query, parameters, format }: SqlQuestion,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const read = await own.query({
    query: "SELECT formatQuerySingleLine({text:String}) AS query",
    query_params: { text: query },
    format: "JSONEachRow",
  });
  const written = (await read.json<{ query: string }>())[0]!.query;
  checkReach(written);
  const { stream } = await asking.exec({
    query: `SELECT * FROM (${written}) FORMAT ${ENGINE_FORMATS[format]}`,
    query_params: { ...parameters },
    abort_signal: signal,
    clickhouse_settings: {
      cancel_http_readonly_queries_on_client_close: 1,
      // So that what goes wrong late is an error too, and not a part of the answer.
      wait_end_of_query: 1,
      output_format_json_quote_64bit_integers: 0,
      output_format_json_quote_denormals: 0,
    },
  }).catch((error) => {
    throw noSelect(error);
  });
  return await new Response(ReadableStream.from(stream as AsyncIterable<Uint8Array>)).bytes();
}
