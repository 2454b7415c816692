/** The suppression list as CSV, in and out, of any length: neither is ever held whole. */
import { csvLine, type SuppressionRow } from "@chappe/analytics";
import type { NewEvent } from "@chappe/src/events";
import { importSuppressions } from "@chappe/src/recipients";
import { HTTPException } from "hono/http-exception";
import * as z from "zod";
import { idOfRequest } from "./idempotency.ts";
import { SuppressionFilterQuery } from "./parameters.ts";
import { type Route, route } from "./route.ts";
import { shown } from "./shown.ts";
import { type SuppressionDeps, suppressionItem } from "./suppressions.ts";

/** Of an imported file, in bytes. */
export const LARGEST_FILE = 100 * 2 ** 20;

/** Paths of requests that may be as large as {@link LARGEST_FILE}. */
export const isImport = (path: string) => /\/suppressions\/import$/.test(path);

const count = z.int().nonnegative();
const ImportReport = z.strictObject({
  added: count.describe("Recipients now on the list because of this file"),
  duplicates: count.describe("Lines whose recipient stood in the file before"),
  refused: count.describe("Lines that were left out"),
  errors: z.array(z.strictObject({ line: z.int(), error: z.string() }))
    .describe("The first hundred of those, and why"),
});

const ImportQuery = z.strictObject({
  source: z.string().trim().min(1).max(200).default("import")
    .describe("Where the file comes from, e.g. its name"),
});

export function suppressionFiles({ queries, events, now }: SuppressionDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/suppressions/export",
      id: "exportSuppressions",
      summary: "The list, or the part that a filter lets through, as CSV",
      role: "analyst",
      query: SuppressionFilterQuery,
      answer: { status: 200, media: "text/csv" },
      async handle({ account, query }) {
        const rows = queries.exportSuppressions(account, query)[Symbol.asyncIterator]();
        // What goes wrong at once is a problem, not a file that ends early.
        const first = await rows.next();
        return new Response(ReadableStream.from(fileOf(first, rows)), {
          headers: {
            "Content-Type": "text/csv; charset=utf-8; header=present",
            "Content-Disposition": 'attachment; filename="suppressions.csv"',
          },
        });
      },
    }),
    route({
      method: "post",
      path: "/suppressions/import",
      id: "importSuppressions",
      summary: "Adds the recipients of a CSV file",
      role: "operator",
      query: ImportQuery,
      uploads: { "text/csv": null },
      answer: { status: 200, name: "ImportReport", schema: ImportReport },
      async handle({ c, account, by, query: { source }, idempotencyKey }) {
        if (Number(c.req.header("content-length") ?? 0) > LARGEST_FILE) throw tooLarge(0);
        let added = 0;
        let last: { event: NewEvent; seq: number } | undefined;
        const idOf = (event: NewEvent) =>
          idOfRequest(account, "importSuppressions", idempotencyKey, event.recipient!);
        const report = await importSuppressions(
          upTo(LARGEST_FILE, c.req.raw.body ?? ReadableStream.from([]), () => tooLarge(added)),
          {
            account,
            source,
            by,
            now,
            async append(made) {
              const positions = await events.append(
                made.map((event) => ({ ...event, id: idOf(event) ?? event.id })),
              );
              added += made.length;
              last = { event: made.at(-1)!, seq: positions.at(-1)!.seq };
            },
          },
        );
        if (last !== undefined) await shown(queries, last.seq, last.event);
        return report;
      },
    }),
  ];
}

async function* upTo(
  most: number,
  bytes: AsyncIterable<Uint8Array>,
  refuse: () => Error,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > most) throw refuse();
    yield chunk;
  }
}

const tooLarge = (added: number) =>
  new HTTPException(413, {
    message: `more than ${LARGEST_FILE} bytes; ${added} recipients were added. Cut the file up: ` +
      "what is on the list already does no harm",
  });

/** Rows of one piece of the answer. */
const TOGETHER = 500;

async function* fileOf(
  first: IteratorResult<SuppressionRow>,
  rows: AsyncIterator<SuppressionRow>,
): AsyncGenerator<Uint8Array> {
  const utf8 = new TextEncoder();
  let text = csvLine(["recipient", "reason", "source", "note", "by", "addedAt", "message"]);
  let held = 0;
  for (let next = first; !next.done; next = await rows.next()) {
    text += csvLine(Object.values(suppressionItem(next.value)));
    if (++held % TOGETHER === 0) {
      yield utf8.encode(text);
      text = "";
    }
  }
  yield utf8.encode(text);
}
