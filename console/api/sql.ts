/** Analysts' own questions, in SQL, of the account's own rows. */
import { type Sql, SQL_FORMATS, SqlError, type SqlFormat, type SqlValue } from "@chappe/analytics";
import { HTTPException } from "hono/http-exception";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import type { Slots } from "../web/slots.ts";
import { type Route, route } from "./route.ts";

const Scalar = z.union([z.string().max(10_000), z.number(), z.boolean()]);
const Value: z.ZodType<SqlValue> = z.union([Scalar, z.array(Scalar).max(10_000)]);

const Question = z.strictObject({
  query: z.string().min(1).max(50_000).describe("One SELECT, in the SQL of ClickHouse"),
  format: z.enum(SQL_FORMATS).default("json"),
  parameters: z.record(z.string().regex(/^[A-Za-z_]\w{0,63}$/), Value).default({})
    .describe("Values of {name:Type} in the query"),
});

const SqlAnswer = z.strictObject({
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.unknown())).describe("Cells in the order of the columns"),
});

const MEDIA: Readonly<Record<SqlFormat, string>> = {
  json: "application/json",
  jsonl: "application/jsonl",
  csv: "text/csv; charset=utf-8; header=present",
  tsv: "text/tab-separated-values; charset=utf-8",
};

const OUTCOMES = { refused: 403, limit: 422, invalid: 422 } as const;

export interface SqlDeps extends Pick<ConsoleDeps, "logger" | "metrics" | "now"> {
  sql: Sql;
  slots: Slots;
}

export function sql({ sql, slots, logger, metrics, now }: SqlDeps): Route[] {
  return [
    route({
      method: "post",
      path: "/sql",
      id: "askSql",
      summary: "An SQL query over the account's messages, hits, events and suppressions",
      role: "analyst",
      body: Question,
      repeatable: false,
      answer: { status: 200, name: "SqlAnswer", schema: SqlAnswer },
      problems: [403, 429],
      async handle({ c, account, by, body: { query, format, parameters } }) {
        const release = slots.take(account);
        const began = now();
        let outcome: "answered" | "failed" | SqlError["fault"] = "failed";
        try {
          const question = { account, query, parameters, format };
          const bytes = new Uint8Array(await sql.ask(question, c.req.raw.signal));
          outcome = "answered";
          const body = format === "json" ? asJson(bytes) : bytes;
          return new Response(body, { headers: { "Content-Type": MEDIA[format] } });
        } catch (error) {
          if (!(error instanceof SqlError)) {
            throw new HTTPException(503, { message: "SQL is not possible now", cause: error });
          }
          outcome = error.fault;
          throw new HTTPException(OUTCOMES[error.fault], { message: error.message });
        } finally {
          release();
          const ms = now() - began;
          metrics.count("chappe_sql_queries_total", "Analysts' SQL queries", 1, { outcome });
          metrics.observe("chappe_sql_seconds", "Time of analysts' SQL queries", ms / 1000);
          logger.info("sql", { account, by, outcome, ms, query: query.slice(0, 2000) });
        }
      },
    }),
  ];
}

const utf8 = new TextEncoder();
const NEWLINE = 10;

/** Lines of names, of types, and of each row → one object, without reading what the rows say. */
function asJson(lines: Uint8Array<ArrayBuffer>): Blob {
  const ends: number[] = [];
  for (let at = lines.indexOf(NEWLINE); at >= 0 && ends.length < 2;) {
    ends.push(at);
    at = lines.indexOf(NEWLINE, at + 1);
  }
  const [first = 0, second = 0] = ends;
  const read = (from: number, to: number) =>
    JSON.parse(new TextDecoder().decode(lines.subarray(from, to))) as string[];
  const names = read(0, first);
  const types = read(first + 1, second);
  const columns = names.map((name, i) => ({ name, type: types[i] }));
  const rows = lines.subarray(second + 1);
  // A raw line feed stands between rows only: within them it is escaped.
  for (let i = 0; i < rows.length - 1; i++) if (rows[i] === NEWLINE) rows[i] = COMMA;
  return new Blob([utf8.encode(`{"columns":${JSON.stringify(columns)},"rows":[`), rows, "]}"]);
}
const COMMA = 44;
