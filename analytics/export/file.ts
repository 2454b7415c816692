/** A grid as a file, written while it is read. */
import type { Grid } from "./grid.ts";
import type { Asked, Told } from "./worker.ts";
import { type Format, TooManyRowsError, type WriteOptions, XLS_ROWS } from "./write/writer.ts";

/** Pieces no larger than this go to the thread that writes, bytes. */
const PIECE = 256 * 1024;

export interface FileOptions extends WriteOptions {
  readonly format: Format;
  /** Hears how many rows are written, as they are. */
  readonly onRows?: (rows: number) => void;
}

/**
 * The file's bytes. Leaving off early stops the reading and the writing.
 *
 * @throws {TooManyRowsError} for XLS, before the first byte.
 */
export async function* fileOf(grid: Grid, options: FileOptions): AsyncGenerator<Uint8Array> {
  const { format, bom, separator, onRows = () => {} } = options;
  if (format === "xls") {
    const total = await grid.total();
    if (total >= XLS_ROWS) throw new TooManyRowsError(total);
  }
  const thread = openThread();
  try {
    const { name } = grid;
    const columns = grid.columns.map(({ name, type }) => ({ name, type }));
    await thread.ask({ name, columns, format, options: { bom, separator } });
    for await (const piece of grid.lines()) {
      for (let from = 0; from < piece.length; from += PIECE) {
        // A copy, which is handed over: a Buffer's slice would be the same bytes.
        const lines = new Uint8Array(piece.subarray(from, from + PIECE));
        const { bytes, rows } = await thread.ask({ lines });
        onRows(rows);
        if (bytes.length > 0) yield bytes;
      }
    }
    const { bytes } = await thread.ask({ end: true });
    if (bytes.length > 0) yield bytes;
  } finally {
    thread.close();
  }
}

type Written = Extract<Told, { bytes: Uint8Array }>;

/** The thread that writes: asked one thing at a time. */
function openThread(): { ask(asked: Asked): Promise<Written>; close(): void } {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  let waiting: PromiseWithResolvers<Written>;
  worker.onmessage = ({ data }: MessageEvent<Told>) => {
    if ("bytes" in data) waiting.resolve(data);
    else waiting.reject(errorOf(data.error));
  };
  worker.onerror = (event) => {
    event.preventDefault();
    waiting.reject(new Error(`the file's writer failed: ${event.message}`));
  };
  return {
    ask(asked) {
      waiting = Promise.withResolvers();
      worker.postMessage(asked, "lines" in asked ? [asked.lines.buffer] : []);
      return waiting.promise;
    },
    close: () => worker.terminate(),
  };
}

function errorOf({ name, message }: { name: string; message: string }): Error {
  return name === "TooManyRowsError" ? new TooManyRowsError(null) : new Error(message);
}
