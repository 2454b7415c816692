/**
 * An account's users on a ClickHouse server, as statements that may be run any number of times. As in
 * the embedded engine (users.ts) two stand between a query and the tables: whoever asks may read the
 * account's views and nothing else, and these read as a user of the account whom a row policy shows its
 * rows alone. Pure.
 */
import { literal } from "@chappe/src/embedded";
import type { Kysely } from "kysely";
import type { Tables } from "../queries/tables.ts";
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
export function viewStatements(db: Kysely<Tables>, database: string, account: string): string[] {
  const [views, reader] = [identifier(viewsOf(account)), identifier(readerOf(account))];
  const policy = identifier(`chappe_${account}`);
  return [
    `CREATE DATABASE IF NOT EXISTS ${views}`,
    `CREATE USER IF NOT EXISTS ${reader} IDENTIFIED WITH no_authentication HOST NONE`,
    ...TABLES.flatMap((table) => [
      `GRANT SELECT ON ${database}.${table} TO ${reader}`,
      `CREATE ROW POLICY IF NOT EXISTS ${policy} ON ${database}.${table} FOR SELECT ` +
      `USING account = ${literal(account)} TO ${reader}`,
    ]),
    ...Object.entries(viewBodies(db)).map(([name, body]) =>
      `CREATE OR REPLACE VIEW ${views}.${name} DEFINER = ${reader} SQL SECURITY DEFINER AS ${body}`
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
): string[] {
  const user = identifier(userOf(account, name));
  const most = Object.entries(settingsOf(limits))
    .filter(([, to]) => typeof to === "number")
    .map(([setting, to]) => `${setting} = ${to} MIN 1 MAX ${to}`);
  return [
    `CREATE USER IF NOT EXISTS ${user} IDENTIFIED WITH sha256_hash BY ${literal(sha256)}`,
    `ALTER USER ${user} IDENTIFIED WITH sha256_hash BY ${literal(sha256)} ` +
    `DEFAULT DATABASE ${identifier(viewsOf(account))} ` +
    `SETTINGS ${["readonly = 2 CONST", ...most].join(", ")}`,
    `GRANT SELECT ON ${identifier(viewsOf(account))}.* TO ${user}`,
  ];
}

export const dropUser = (account: string, name: string): string =>
  `DROP USER IF EXISTS ${identifier(userOf(account, name))}`;
