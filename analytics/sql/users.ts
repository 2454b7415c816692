/**
 * Who runs analysts' SQL in the embedded engine, where users can only be named when it starts. Two,
 * for all accounts, none of whom can log in:
 *
 * - the analyst, as whom a query runs: may read the documented views and nothing else;
 * - the reader, as whom those views read: may read the tables behind them, and of these only rows of
 *   the account that the connection's current database names (a row policy). No SELECT changes that
 *   database, and a policy's condition is tested before any other, so not even an error message tells
 *   of another account's rows.
 */
import { type Limits, settingsOf } from "./limits.ts";

export const ANALYST = "chappe_analyst";
export const READER = "chappe_reader";

/** Of the views. */
export const VIEWS = "chappe_views";

/** Tables that the views read. */
export const TABLES = ["facts", "deliveries", "hits", "suppressions"] as const;

/**
 * The current database of a connection that asks for the account. With random digits before it, so that
 * no message ("does not exist", "maybe you meant") tells which accounts ask just now.
 * @param id 32 hexadecimal digits
 */
export const accountDatabase = (id: string, account: string) => id + account;

const POLICY = "account = substring(currentDatabase(), 33)";

/** Tables of `system` that tell of the language alone; of the others nobody sees a row. */
export const OPEN_SYSTEM = [
  "one",
  "numbers",
  "functions",
  "formats",
  "data_type_families",
  "time_zones",
];

/** `users.xml`. @param database of the tables */
export function embeddedUsers(database: string, limits: Limits): string {
  const settings = Object.entries({ ...settingsOf(limits), readonly: 1 });
  const nobody = "<no_password/><networks><ip>127.255.255.255</ip></networks>";
  const grant = (what: string, on: string) => `<query>GRANT ${what} ON ${on}</query>`;
  const filter = (table: string, condition: string) =>
    `<table name="${table}"><filter>${condition}</filter></table>`;
  return `<clickhouse>
  <profiles>
    <default></default>
    <analyst>${settings.map(([name, to]) => `<${name}>${to}</${name}>`).join("")}</analyst>
  </profiles>
  <quotas><default></default></quotas>
  <users>
    <default>
      <password></password><networks><ip>::/0</ip></networks>
      <profile>default</profile><quota>default</quota>
    </default>
    <${ANALYST}>
      ${nobody}<profile>analyst</profile><quota>default</quota>
      <grants>${grant("SELECT", `${VIEWS}.*`)}</grants>
      <databases><system>${
    [filter("", "0"), ...OPEN_SYSTEM.map((table) => filter(table, "1"))].join("")
  }</system></databases>
    </${ANALYST}>
    <${READER}>
      ${nobody}<profile>analyst</profile><quota>default</quota>
      <grants>${TABLES.map((table) => grant("SELECT", `${database}.${table}`)).join("")}</grants>
      <databases><${database}>${
    TABLES.map((table) => filter(table, POLICY)).join("")
  }</${database}></databases>
    </${READER}>
  </users>
</clickhouse>
`;
}
