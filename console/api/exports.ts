/** Lists as files, written while they are read. */
import { fileOf, MEDIA } from "@chappe/analytics";
import type { Context } from "hono";
import type { ConsoleDeps, Env } from "../deps.ts";
import { guarded } from "../web/guarded.ts";
import type { Slots } from "../web/slots.ts";
import type { GridDeps, Order } from "./export_grid.ts";
import { GRID_NAMES, GRIDS } from "./export_grids.ts";
import { type Route, route } from "./route.ts";

export interface ExportDeps extends GridDeps, Pick<ConsoleDeps, "logger" | "metrics"> {
  slots: Slots;
}

/** Who asked for a file. */
interface Asker {
  account: string;
  by: string;
}

export function exports(deps: ExportDeps): Route[] {
  return GRID_NAMES.map((name) => {
    const grid = GRIDS[name];
    return route({
      method: "get",
      path: `/exports/${name}`,
      id: `get${name.replaceAll(/(?:^|-)./g, (start) => start.at(-1)!.toUpperCase())}File`,
      summary: grid.summary,
      role: "analyst",
      query: grid.query,
      answer: { status: 200, media: "application/octet-stream" },
      problems: [429, ...grid.mayBeMissing ? [404] : []],
      async handle({ c, account, by }) {
        const order = await guarded(
          grid.order(deps, account, new URL(c.req.url).searchParams),
        );
        return await answerFile(deps, c, { account, by }, order);
      },
    });
  });
}

type Outcome = "done" | "failed" | "cancelled";

/** Hears how an export goes on, and stops it. */
export interface Watcher {
  readonly signal: AbortSignal;
  begun(): void;
  rows(rows: number): void;
  /** `cancelled`: also by whoever fetched it and went away. */
  ended(outcome: Outcome): void;
}

/**
 * The file as a response. What goes wrong at once is a problem, not a file that ends early; the
 * reading stops when the client goes away.
 */
export async function answerFile(
  { logger, metrics, slots }: ExportDeps,
  c: Context<Env>,
  asker: Asker,
  { grid, file }: Order,
  watcher?: Watcher,
): Promise<Response> {
  const headers = {
    "Content-Type": MEDIA[file.format],
    "Content-Disposition": `attachment; filename="${grid.name}.${file.format}"`,
    "Content-Security-Policy": "default-src 'none'; sandbox",
  };
  if (c.req.raw.method === "HEAD") return new Response(null, { headers });
  const release = slots.take(asker.account);
  watcher?.begun();
  let rows = 0;
  const onRows = (count: number) => {
    rows = count;
    watcher?.rows(count);
  };
  const pieces = fileOf(grid, { ...file, onRows });
  const labels = { grid: grid.name, format: file.format };
  function ended(outcome: Outcome) {
    release();
    metrics.count("chappe_exports_total", "Files asked for", 1, { ...labels, outcome });
    metrics.count("chappe_export_rows_total", "Rows written to files", rows, labels);
    logger.info("export", { ...asker, ...labels, rows, outcome });
    watcher?.ended(outcome);
  }
  try {
    const first = await guarded(pieces.next());
    return new Response(streamOf(first, pieces, ended, watcher?.signal), { headers });
  } catch (error) {
    ended("failed");
    throw error;
  }
}

/** Read as the client reads; `ended` is called once, also where the client never began to. */
function streamOf(
  first: IteratorResult<Uint8Array>,
  pieces: AsyncGenerator<Uint8Array>,
  ended: (outcome: Outcome) => void,
  signal = new AbortController().signal,
): ReadableStream<Uint8Array> {
  let begun = false;
  let over = false;
  async function end(outcome: Outcome) {
    if (over) return;
    over = true;
    await pieces.return(undefined);
    ended(outcome);
  }
  return new ReadableStream<Uint8Array>({
    start(controller) {
      signal.addEventListener("abort", () => {
        controller.error(signal.reason);
        void end("cancelled");
      });
    },
    async pull(controller) {
      try {
        const next = begun ? await pieces.next() : first;
        begun = true;
        if (over) return;
        if (!next.done) return controller.enqueue(next.value);
        await end("done");
        controller.close();
      } catch (error) {
        await end("failed");
        controller.error(error);
      }
    },
    cancel: () => end("cancelled"),
  }, { highWaterMark: 0 });
}
