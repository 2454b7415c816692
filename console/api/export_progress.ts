/** Exports in three steps, for those who want to see how far they are. */
import { HTTPException } from "hono/http-exception";
import * as z from "zod";
import { guarded } from "../web/guarded.ts";
import { createJobs, type Job, type Jobs, STATES } from "./export_jobs.ts";
import { answerFile, type ExportDeps } from "./exports.ts";
import { GRID_NAMES, GRIDS } from "./export_grids.ts";
import { iso, locationOf, Time } from "./lists.ts";
import { type Call, type Route, route } from "./route.ts";

const NewExport = z.strictObject({
  grid: z.enum(GRID_NAMES),
  parameters: z.record(z.string().max(100), z.string().max(16_000))
    .describe("As those of GET /exports/{grid}: format, columns, filters, sort"),
});

const ExportShape = z.strictObject({
  id: z.uuid(),
  grid: z.string(),
  format: z.string(),
  state: z.enum(STATES).describe("ready: its file has not been fetched yet"),
  rowsDone: z.int().nonnegative().describe("Rows written to the file so far"),
  rowsTotal: z.int().nonnegative().describe("Rows there were when the export was made"),
  createdAt: Time,
});

const item = (job: Job): z.infer<typeof ExportShape> => ({
  id: job.id,
  grid: job.order.grid.name,
  format: job.order.file.format,
  state: job.state,
  rowsDone: job.rowsDone,
  rowsTotal: job.rowsTotal,
  createdAt: iso(job.createdAt),
});

export function exportProgress(deps: ExportDeps & { now: () => number }): Route[] {
  const jobs = createJobs(deps.now);
  return [
    route({
      method: "post",
      path: "/exports",
      id: "createExport",
      summary: "An export whose progress can be seen",
      role: "analyst",
      body: NewExport,
      repeatable: false,
      answer: { status: 201, name: "Export", schema: ExportShape },
      async handle({ c, account, body: { grid: name, parameters } }) {
        const asked = new URLSearchParams(parameters);
        const order = await guarded(GRIDS[name].order(deps, account, asked));
        const rowsTotal = await guarded(order.grid.total());
        const job = jobs.add({ id: crypto.randomUUID(), account, order, rowsTotal });
        c.header("Location", locationOf(c.req.path, job.id));
        return item(job);
      },
    }),
    route({
      method: "get",
      path: "/exports/{export}",
      id: "getExport",
      summary: "How far an export is",
      role: "analyst",
      // Where the name of a list is wrong, its parameters are not the mistake.
      query: z.looseObject({}),
      answer: { status: 200, name: "Export", schema: ExportShape },
      handle: (call) => item(jobIn(jobs, call)),
    }),
    route({
      method: "get",
      path: "/exports/{export}/file",
      id: "getExportFile",
      summary: "The file of an export, written while it is read",
      role: "analyst",
      answer: { status: 200, media: "application/octet-stream" },
      problems: [409, 422, 429],
      handle: (call) => fetched(deps, call, jobIn(jobs, call)),
    }),
    route({
      method: "delete",
      path: "/exports/{export}",
      id: "cancelExport",
      summary: "Stops an export and forgets it",
      role: "analyst",
      answer: { status: 204 },
      handle(call) {
        jobs.remove(jobIn(jobs, call));
      },
    }),
  ];
}

type Asked = Pick<Call<unknown, unknown>, "c" | "account" | "by" | "param">;

function jobIn(jobs: Jobs, { account, param }: Asked): Job {
  const job = jobs.get(account, param("export"));
  if (job !== undefined) return job;
  const lists = GRID_NAMES.join(", ");
  throw new HTTPException(404, {
    message: `there is no export with this id here, nor a list of this name: ${lists}`,
  });
}

/** Each time anew, for as it was the first time it is nowhere kept. */
async function fetched(deps: ExportDeps, call: Asked, job: Job): Promise<Response> {
  const { c, account, by } = call;
  if (job.state === "running") {
    throw new HTTPException(409, { message: "its file is being fetched already" });
  }
  return await answerFile(deps, c, { account, by }, job.order, {
    signal: job.stop.signal,
    begun() {
      [job.state, job.rowsDone] = ["running", 0];
    },
    rows: (rows) => job.rowsDone = rows,
    ended: (outcome) => job.state = outcome,
  });
}
