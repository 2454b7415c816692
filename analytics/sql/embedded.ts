/**
 * Analysts' SQL in the embedded engine. All its connections are the same user's, who may do all; so a
 * query becomes the body of a view that runs as another, whom the engine lets do no more than that
 * user may (`SQL SECURITY DEFINER`). A view with a parameter is looked into only when it is read, as
 * its definer: nothing of the query is evaluated before.
 */
import { type Connection, type Connections, literal } from "@chappe/src/embedded";
import { createBuilder } from "../queries/compiler.ts";
import { databaseName, DEFAULT_DATABASE } from "../schema/database.ts";
import { noSelect, SqlError, sqlErrorOf } from "./error.ts";
import { LIMITS, type Limits, settingsOf, settingsText } from "./limits.ts";
import { ENGINE_FORMATS, type Sql, type SqlQuestion } from "./port.ts";
import { checkReach } from "./reach.ts";
import { accountDatabase, ANALYST, READER, VIEWS } from "./users.ts";
import { identifier } from "./text.ts";
import { viewBodies } from "./views.ts";

/** Of the views that queries become; in memory, so that a crash leaves none behind. */
const SCRATCH = "chappe_scratch";
/** The parameter that every such view has. */
const OURS = "chappe_query";

export function createEmbeddedSql(
  connections: Connections,
  { database = DEFAULT_DATABASE, limits = LIMITS }: { database?: string; limits?: Limits } = {},
): Sql {
  const bodies = viewBodies(createBuilder(databaseName(database)));
  let prepared: Promise<void> | null = null;

  /** The views, as this version has them; once. */
  async function prepare(): Promise<void> {
    const connection = connections.connect();
    try {
      await connection.run(`CREATE DATABASE IF NOT EXISTS ${VIEWS} ENGINE = Memory`);
      await connection.run(`CREATE DATABASE IF NOT EXISTS ${SCRATCH} ENGINE = Memory`);
      for (const [name, body] of Object.entries(bodies)) {
        await connection.run(
          `CREATE OR REPLACE VIEW ${VIEWS}.${name} DEFINER = ${READER} SQL SECURITY DEFINER ` +
            `AS ${body}`,
        );
      }
    } finally {
      connection.close();
    }
  }

  return {
    async ask(question, signal) {
      prepared ??= prepare().catch((error) => {
        prepared = null;
        throw error;
      });
      await prepared;
      signal.throwIfAborted();
      const connection = connections.connect();
      const id = crypto.randomUUID().replaceAll("-", "");
      const stop = () => void kill(connections, id);
      signal.addEventListener("abort", stop);
      try {
        return await answer(connection, id, question, limits, Object.keys(bodies));
      } catch (error) {
        throw sqlErrorOf(error) ?? error;
      } finally {
        signal.removeEventListener("abort", stop);
        await clean(connection, id, question.account).finally(() => connection.close());
      }
    },
    close: () => Promise.resolve(),
  };
}

async function answer(
  connection: Connection,
  id: string,
  { account, query, parameters, format }: SqlQuestion,
  limits: Limits,
  names: readonly string[],
): Promise<Uint8Array> {
  const home = identifier(accountDatabase(id, account));
  await connection.run(`CREATE DATABASE ${home} ENGINE = Memory`);
  await connection.run(`USE ${home}`);
  const known = names.map((name) => `${name} AS (SELECT * FROM ${VIEWS}.${name})`).join(", ");
  const written = await asWritten(connection, query);
  checkReach(written);
  const view =
    `CREATE VIEW ${SCRATCH}.${viewOf(id)} DEFINER = ${ANALYST} SQL SECURITY DEFINER AS ` +
    `WITH ${known} SELECT * FROM (${written}) WHERE {${OURS}:UInt8} = 1`;
  await connection.run(
    await asWritten(connection, view).catch((error) => {
      throw noSelect(error);
    }),
  );

  const values = Object.entries(parameters).map(([name, value]) => {
    if (name === OURS) throw new SqlError("invalid", `the parameter ${OURS} is ours`);
    return `${identifier(name)} = ${literal(value)}`;
  });
  const given = [`${OURS} = 1`, ...values].join(", ");
  const settings = settingsText({
    ...settingsOf(limits),
    log_comment: id,
    output_format_json_quote_64bit_integers: 0,
    output_format_json_quote_denormals: 0,
    use_query_cache: 0,
    use_query_condition_cache: 0,
  });
  return await connection.run(
    `SELECT * FROM ${SCRATCH}.${viewOf(id)}(${given}) SETTINGS ${settings}`,
    ENGINE_FORMATS[format],
  );
}

/**
 * The statement as the engine's own parser reads it: one, whole, without comments.
 * @throws where it is none, or several
 */
async function asWritten(connection: Connection, text: string): Promise<string> {
  const read = await connection.run(`SELECT formatQuerySingleLine(${literal(text)})`);
  return new TextDecoder().decode(read).trimEnd();
}

const viewOf = (id: string) => `q${id}`;

async function clean(connection: Connection, id: string, account: string): Promise<void> {
  await connection.run(`DROP VIEW IF EXISTS ${SCRATCH}.${viewOf(id)}`);
  await connection.run(`DROP DATABASE IF EXISTS ${identifier(accountDatabase(id, account))}`);
}

/** The query goes on until the engine next looks whether it should. */
async function kill(connections: Connections, id: string): Promise<void> {
  const connection = connections.connect();
  try {
    await connection.run(`KILL QUERY WHERE Settings['log_comment'] = '${id}' ASYNC`);
  } finally {
    connection.close();
  }
}
