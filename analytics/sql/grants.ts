/**
 * An account's users on a ClickHouse server, as statements that may be run any number of times. As in
 * the embedded engine (users.ts) two stand between a query and the tables: whoever asks may read the
 * account's views and nothing else, and these read as a user of the account whom a row policy shows its
 * rows alone. On a cluster every server has them, and answers from its own tables. Pure.
 */
import { literal } from "@chappe/src/embedded";
import type { Kysely } from "kysely";
import type { Tables } from "../queries/tables.ts";
import { type Cluster, onCluster } from "../schema/cluster.ts";
import { type Limits, settingsOf } from "./limits.ts";
import { identifier } from "./text.ts";
import { TABLES } from "./users.ts";
import { viewBodies } from "./views.ts";

/** The database of the account's views. */
export const viewsOf = (account: string) => `chappe_sql_${account}`;
const readerOf = (account: string) => `chappe_reader_${account}`;
/** The name of the user that `POST /api/v1/sql` asks as. */
export const CONSOLE = "console";
/** A user for somebody's tool. */
export const userOf = (account: string, name: string) => `chappe_user_${account}_${name}`;

/** @param database of the tables */
export function viewStatements(
  db: Kysely<Tables>,
  { database, cluster = null }: { database: string; cluster?: Cluster },
  account: string,
): string[] {
  const on = onCluster(cluster);
  const [views, reader] = [identifier(viewsOf(account)), identifier(readerOf(account))];
  const policy = identifier(`chappe_${account}`);
  return [
    `CREATE DATABASE IF NOT EXISTS ${views}${on}`,
    `CREATE USER IF NOT EXISTS ${reader}${on} IDENTIFIED WITH no_authentication HOST NONE`,
    ...TABLES.flatMap((table) => [
      `GRANT${on} SELECT ON ${database}.${table} TO ${reader}`,
      `CREATE ROW POLICY IF NOT EXISTS ${policy}${on} ON ${database}.${table} FOR SELECT ` +
      `USING account = ${literal(account)} TO ${reader}`,
    ]),
    ...Object.entries(viewBodies(db)).map(([name, body]) =>
      `CREATE OR REPLACE VIEW ${views}.${name}${on} DEFINER = ${reader} SQL SECURITY DEFINER ` +
      `AS ${body}`
    ),
  ];
}

/**
 * The user may change settings as tools do, but neither write nor exceed the limits.
 * @param sha256 of the password, hexadecimal
 */
export function userStatements(
  account: string,
  name: string,
  sha256: string,
  limits: Limits,
  cluster: Cluster = null,
): string[] {
  const on = onCluster(cluster);
  const user = identifier(userOf(account, name));
  const most = Object.entries(settingsOf(limits))
    .filter(([, to]) => typeof to === "number")
    .map(([setting, to]) => `${setting} = ${to} MIN 1 MAX ${to}`);
  return [
    `CREATE USER IF NOT EXISTS ${user}${on} IDENTIFIED WITH sha256_hash BY ${literal(sha256)}`,
    `ALTER USER ${user}${on} IDENTIFIED WITH sha256_hash BY ${literal(sha256)} ` +
    `DEFAULT DATABASE ${identifier(viewsOf(account))} ` +
    `SETTINGS ${["readonly = 2 CONST", ...most].join(", ")}`,
    `GRANT${on} SELECT ON ${identifier(viewsOf(account))}.* TO ${user}`,
  ];
}

export const dropUser = (account: string, name: string, cluster: Cluster = null): string =>
  `DROP USER IF EXISTS ${identifier(userOf(account, name))}${onCluster(cluster)}`;
