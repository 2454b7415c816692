/** What ClickHouse holds, put into PostgreSQL as one would keep it there: normalised, with indexes. */
import type { ClickHouseClient } from "@clickhouse/client";
import type { Compilable } from "kysely";
import { createBuilder } from "../../analytics/queries/compiler.ts";
import { deliveries } from "../../analytics/queries/delivery.ts";
import { hits } from "../../analytics/queries/hits.ts";
import { sql } from "kysely";
import type { Postgres } from "./postgres.ts";

const TABLES = `
  CREATE TABLE word (id int PRIMARY KEY, text text NOT NULL);
  CREATE TABLE copies (id bigint NOT NULL, account int NOT NULL, message uuid NOT NULL,
    rcpt smallint NOT NULL, sent_at timestamptz NOT NULL, status smallint NOT NULL,
    status_at timestamptz NOT NULL, recipient text NOT NULL, domain int NOT NULL,
    provider int NOT NULL, address int NOT NULL, pool int NOT NULL, campaign int NOT NULL,
    billing_code int NOT NULL, sender int NOT NULL, subject text NOT NULL, kind int NOT NULL,
    reference text NOT NULL, class int NOT NULL, reply text NOT NULL, delivered bool NOT NULL,
    opened bool NOT NULL, clicked bool NOT NULL, machine_opened bool NOT NULL,
    machine_clicked bool NOT NULL, complained bool NOT NULL, unsubscribed bool NOT NULL,
    opens int NOT NULL, clicks int NOT NULL, machine_opens int NOT NULL,
    machine_clicks int NOT NULL, opened_at timestamptz, clicked_at timestamptz);
  CREATE TABLE hits (copy bigint NOT NULL, account int NOT NULL, sent_at timestamptz NOT NULL,
    campaign int NOT NULL, at timestamptz NOT NULL, click bool NOT NULL, machine bool NOT NULL,
    link smallint NOT NULL, url int NOT NULL, os int NOT NULL, browser int NOT NULL,
    device int NOT NULL, support int NOT NULL, mail_client int NOT NULL, since_sent bigint NOT NULL);`;

/** Rows come in the order of the first of them; what is asked for most is in the index itself. */
const INDEXES = [
  "CREATE INDEX ON copies (account, sent_at)",
  "CREATE INDEX ON copies (account, campaign, recipient)",
  "CREATE INDEX ON copies (account, domain, sent_at)",
  "CREATE INDEX ON copies (account, opened_at) WHERE opened",
  "CREATE INDEX ON copies (message)",
  "CREATE INDEX ON hits (account, sent_at)",
  "CREATE INDEX ON hits (account, campaign, link) WHERE click",
  "CREATE INDEX ON hits (copy)",
  "ALTER TABLE copies ADD PRIMARY KEY (id)",
  "VACUUM (FREEZE, ANALYZE) copies",
  "VACUUM (FREEZE, ANALYZE) hits",
  "VACUUM (FREEZE, ANALYZE) word",
];

const WORDS = [
  ...[
    "account",
    "domain",
    "provider",
    "address",
    "pool",
    "campaign",
    "billing_code",
    "sender",
    "kind",
  ]
    .map((name) => `d.${name}`),
  "d.class",
];
const HIT_WORDS = ["url", "os", "browser", "support", "mail_client"].map((name) => `h.${name}`);
const DEVICE = "if(h.brand = 'Apple' AND h.model != '', h.model, h.brand)";

export async function copyMail(
  client: ClickHouseClient,
  database: string,
  postgres: Postgres,
  accounts: readonly string[],
): Promise<void> {
  const db = createBuilder(database);
  const time = (ms: string) => `nullIf(${ms}, 0) / 1000`;
  await postgres.run(TABLES);
  for (const [name, engine] of [["said", "Memory"], ["words", "Join(ANY, LEFT, text)"]]) {
    await client.command({ query: `DROP TABLE IF EXISTS ${database}.${name} SYNC` });
    await client.command({
      query: `CREATE TABLE ${database}.${name} (text String, id Int32) ENGINE = ${engine}`,
    });
  }
  const id = (word: string) => `joinGet('${database}.words', 'id', toString(${word}))`;
  const columns = (list: readonly string[]) => list.map((text, i) => sql.raw(text).as(`c${i}`));
  const copiesOf = (account: string) =>
    db.selectFrom(deliveries(db, account, {}).as("d")).where("d.sent_at", ">", 0);
  const hitsOf = (account: string) =>
    db.selectFrom(hits(db, account, {}).as("h")).innerJoin(
      copiesOf(account).select(["d.message", "d.rcpt", "d.sent_at"]).as("s"),
      (join) => join.onRef("s.message", "=", "h.message").onRef("s.rcpt", "=", "h.rcpt"),
    );
  for (const account of accounts) {
    const own = (word: string) => word === "d.account" ? `'${account}'` : `toString(${word})`;
    for (
      const words of [
        copiesOf(account).select(columns([`arrayJoin([${WORDS.map(own).join(", ")}])`])),
        db.selectFrom(hits(db, account, {}).as("h"))
          .select(columns([`arrayJoin([${[...HIT_WORDS, DEVICE].map(own).join(", ")}])`])),
      ]
    ) {
      const distinct = db.selectFrom(words.as("w")).select(sql`DISTINCT w.c0`.as("text"));
      await insertWords(client, database, distinct);
    }
  }
  await client.command({
    query: `INSERT INTO ${database}.words SELECT text, toInt32(rowNumberInAllBlocks()) FROM
      (SELECT DISTINCT text FROM ${database}.said)`,
  });
  const stream = (query: Compilable) => csvOf(client, query);
  await postgres.run(
    "COPY word FROM STDIN (FORMAT csv)",
    stream({
      compile: () => sql.raw(`SELECT id, text FROM ${database}.words`).compile(db),
    } as Compilable),
  );
  for (const account of accounts) {
    const own = (word: string) => id(word === "d.account" ? `'${account}'` : word);
    const copy = copiesOf(account).select(columns([
      "toInt64(bitShiftRight(cityHash64(d.message, d.rcpt), 1))",
      own("d.account"),
      "d.message",
      "d.rcpt",
      `toDateTime64(${time("d.sent_at")}, 3)`,
      "intDiv(d.status_key, 8796093022208)",
      `toDateTime64((d.status_key % 8796093022208) / 1000, 3)`,
      "d.recipient",
      ...["domain", "provider", "address", "pool", "campaign", "billing_code", "sender"]
        .map((name) => own(`d.${name}`)),
      "d.subject",
      own("d.kind"),
      "d.customer_reference",
      own("d.class"),
      "d.reply",
      ..."delivered opened clicked machine_opened machine_clicked complained unsubscribed".split(
        " ",
      )
        .map((name) => `toUInt8(d.${name})`),
      ..."opens clicks machine_opens machine_clicks".split(" ").map((name) => `d.${name}`),
      `toDateTime64(${time("toInt64(d.opened_at)")}, 3)`,
      `toDateTime64(${time("toInt64(d.clicked_at)")}, 3)`,
    ])).orderBy("d.sent_at");
    await postgres.run("COPY copies FROM STDIN (FORMAT csv, NULL '\\N')", stream(copy));
    const hit = hitsOf(account).select(columns([
      "toInt64(bitShiftRight(cityHash64(h.message, h.rcpt), 1))",
      id(`'${account}'`),
      "toDateTime64(s.sent_at / 1000, 3)",
      id("h.campaign"),
      "toDateTime64(h.at / 1000, 3)",
      "toUInt8(h.kind = 'click')",
      "h.machine",
      "h.link",
      id("h.url"),
      id("h.os"),
      id("h.browser"),
      id(DEVICE),
      id("h.support"),
      id("h.mail_client"),
      "h.since_sent",
    ])).orderBy("s.sent_at");
    await postgres.run("COPY hits FROM STDIN (FORMAT csv, NULL '\\N')", stream(hit));
  }
  for (const index of INDEXES) await postgres.run(index);
}

const READ = "final = 1, do_not_merge_across_partitions_select_final = 1, " +
  "optimize_functions_to_subcolumns = 0, session_timezone = 'UTC'";

async function insertWords(client: ClickHouseClient, database: string, words: Compilable) {
  const { sql: text, parameters } = words.compile();
  await client.command({
    query: `INSERT INTO ${database}.said SELECT text, 0 FROM (${text}) SETTINGS ${READ}`,
    query_params: Object.fromEntries(parameters.map((value, n) => [`p${n}`, value])),
  });
}

async function* csvOf(client: ClickHouseClient, query: Compilable): AsyncIterable<Uint8Array> {
  const { sql: text, parameters } = query.compile();
  const { stream } = await client.exec({
    query: `${text} SETTINGS ${READ} FORMAT CSV`,
    query_params: Object.fromEntries(parameters.map((value, n) => [`p${n}`, value])),
  });
  yield* stream as AsyncIterable<Uint8Array>;
}
