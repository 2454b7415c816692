/** SQL that an analyst wrote, answered of the account's own rows. */

export const SQL_FORMATS = ["json", "jsonl", "csv", "tsv"] as const;
export type SqlFormat = typeof SQL_FORMATS[number];

/** As ClickHouse names them. `json` is put together from lines of rows (answer.ts). */
export const ENGINE_FORMATS: Readonly<Record<SqlFormat, string>> = {
  json: "JSONCompactEachRowWithNamesAndTypes",
  jsonl: "JSONEachRow",
  csv: "CSVWithNames",
  tsv: "TSVWithNames",
};

export type SqlValue = string | number | boolean | SqlValue[];

export interface SqlQuestion {
  account: string;
  query: string;
  /** Values of `{name:Type}` in the query. */
  parameters: Readonly<Record<string, SqlValue>>;
  format: SqlFormat;
}

export interface Sql {
  /**
   * The whole answer, in ClickHouse's form of the format.
   * @param signal stops the query
   * @throws {SqlError} where the query is at fault
   */
  ask(question: SqlQuestion, signal: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}
