/**
 * Reads CSV (RFC 4180) as it arrives, whoever wrote it: comma, semicolon or tab, LF or CRLF, with or
 * without a byte order mark. Memory is bounded by the longest record.
 */

/** `line`: number of the line it begins on, from 1. Fields are trimmed. */
export type CsvRecord =
  | { line: number; fields: string[]; error: null }
  | { line: number; fields: null; error: string };

interface Line {
  line: number;
  /** Null where it is too long to be kept. */
  text: string | null;
}

/** UTF-16 units of one record. */
const LONGEST = 8192;
const SEPARATORS = /[,;\t]/;
const TOO_LONG = `longer than ${LONGEST} characters`;
const NOT_CLOSED = "a quote is not closed";

/**
 * Empty lines, and those of separators alone, are left out. The first of comma, semicolon and tab outside quotes separates fields.
 * Where a quote is not closed, only the line with it is given up.
 */
export async function* readCsv(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  const gather = createGather();
  for await (const line of readLines(bytes)) yield* gather.add(line);
  yield* gather.end();
}

/** Puts lines together where a quoted field goes on over several. */
function createGather() {
  let separator: string | undefined;
  let held: { line: number; text: string }[] = [];
  let length = 0;
  let open = false;

  function* add({ line, text }: Line): Generator<CsvRecord> {
    if (text === null) {
      yield* end();
      yield { line, fields: null, error: TOO_LONG };
      return;
    }
    held.push({ line, text });
    length += text.length + 1;
    // A field ends with as many quotes as it began with, doubled ones inside included.
    if (quotes(text) % 2 === 1) open = !open;
    if (!open) yield* whole();
    else if (length > LONGEST) yield* giveUp();
  }

  function* whole(): Generator<CsvRecord> {
    const { line } = held[0]!;
    const text = held.map((part) => part.text).join("\n");
    clear();
    if (text.trim() === "") return;
    separator ??= SEPARATORS.exec(text.replaceAll(/"[^"]*"/g, ""))?.[0];
    const fields = split(text, separator ?? ",");
    if (fields.some((field) => field !== "")) yield { line, fields, error: null };
  }

  function* giveUp(): Generator<CsvRecord> {
    const [first, ...others] = held;
    clear();
    yield { line: first!.line, fields: null, error: NOT_CLOSED };
    for (const line of others) yield* add(line);
  }

  function* end(): Generator<CsvRecord> {
    while (held.length > 0) yield* giveUp();
  }

  function clear(): void {
    held = [];
    length = 0;
    open = false;
  }
  return { add, end };
}

function quotes(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count++;
  return count;
}

function split(record: string, separator: string): string[] {
  const fields: string[] = [];
  let field = "";
  const parts = record.split('"');
  for (const [i, part] of parts.entries()) {
    const inQuotes = i % 2 === 1;
    if (inQuotes) field += part;
    // Nothing between two quotes: a doubled one, which stands for itself.
    else if (part === "" && i > 0 && i < parts.length - 1) field += '"';
    else {
      const [start, ...more] = part.split(separator);
      field += start!;
      for (const next of more) {
        fields.push(field.trim());
        field = next;
      }
    }
  }
  return [...fields, field.trim()];
}

async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let rest = "";
  let line = 1;
  let skipping = false;
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?=.)/s);
    rest = lines.pop()!;
    for (const text of lines) {
      if (!skipping) yield { line, text: text.length > LONGEST ? null : text };
      skipping = false;
      line++;
    }
    if (rest.length > LONGEST) {
      if (!skipping) yield { line, text: null };
      skipping = true;
      rest = "";
    }
  }
  rest += decoder.decode();
  if (rest !== "" && !skipping) yield { line, text: rest };
}
