/**
 * Writes a file on a thread of its own, so that a large one holds nobody else up: takes lines as a
 * grid gives them, gives back the file's next bytes. One piece at a time (file.ts).
 */
import type { Cell, Column } from "./grid.ts";
import { lineSplitter } from "./lines.ts";
import { WRITERS } from "./write/mod.ts";
import type { Format, WriteOptions, Writer } from "./write/writer.ts";

/** What is asked of the worker: to begin a file, to go on with it, to end it. */
export type Asked =
  | { name: string; columns: readonly Column[]; format: Format; options: WriteOptions }
  | { lines: Uint8Array<ArrayBuffer> }
  | { end: true };
/** What it says: the file's next bytes and the rows written so far, or why it cannot go on. */
export type Told =
  | { bytes: Uint8Array<ArrayBuffer>; rows: number }
  | { error: { name: string; message: string } };

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Asked>) => Promise<void>;
  postMessage(told: Told, transfer: Transferable[]): void;
};
const lines = lineSplitter();
let writer: Writer;
let rows = 0;

scope.onmessage = async ({ data }) => {
  try {
    const bytes = await asked(data);
    scope.postMessage({ bytes, rows }, [bytes.buffer]);
  } catch (error) {
    const { name, message } = error as Error;
    scope.postMessage({ error: { name, message } }, []);
  }
};

async function asked(data: Asked): Promise<Uint8Array<ArrayBuffer>> {
  if ("columns" in data) {
    writer = (await WRITERS[data.format]())(data.name, data.columns, data.options);
    return new Uint8Array();
  }
  if ("end" in data) {
    const rest = lines.rest();
    if (rest !== "") throw new Error(`the rows end in the middle of one: ${rest.slice(0, 300)}`);
    return writer.end();
  }
  const some = lines.take(data.lines).map((line) => JSON.parse(line) as Cell[]);
  rows += some.length;
  return writer.rows(some);
}
