/**
 * The edge on workerd (Cloudflare Workers, or workerd of one's own). Keys, disabled links and
 * withdrawn consents come from the core's intake, hits and choices go there.
 */
import { uuidv7 } from "@chappe/src/events";
import type { Hono } from "hono";
import { createEdge, type EdgeRuntime } from "../app.ts";
import { createCoreClient } from "../core/client.ts";
import { createFollower, type Follower } from "../core/follower.ts";
import { createReporter, type Reporter } from "../core/reporter.ts";
import { reportOf } from "../core/report.ts";
import type { KnownState } from "../core/state.ts";
import { languageOf } from "../language.ts";
import { page } from "../pages.ts";

/** Bindings of the worker. */
export interface WorkerEnv {
  /** Where the core's edge is reached, `https://…/intake`. */
  INTAKE_URL: string;
  /** CHAPPE_EDGE_SECRET of the core. */
  EDGE_SECRET: string;
  /** Header in which the client's address stands; Cloudflare's own without it. */
  CLIENT_ADDRESS_HEADER?: string | null;
}

interface WorkerContext {
  waitUntil(work: Promise<unknown>): void;
}

/** Consents and switches take effect within this time, ms. */
const FRESH = 10_000;
/** Cloudflare ends what goes on for 30 s after the answer. */
const REPORTING = {
  maxBatch: 500,
  maxWaitMs: 100,
  maxHeldLength: 16 * 1024 * 1024,
  retryMs: 500,
  lifeMs: 25_000,
};

interface Worker {
  app: Hono<{ Bindings: EdgeRuntime }>;
  follower: Follower;
  reporter: Reporter;
  /** What all requests go by now. */
  state: KnownState | null;
}

let worker: Worker | undefined;

/** One for all requests of an isolate: its bindings are always the same. */
function createWorker(env: WorkerEnv): Worker {
  const core = createCoreClient(env.INTAKE_URL, env.EDGE_SECRET);
  const reporter = createReporter(core, { ...REPORTING, now: Date.now });
  const made: Worker = {
    follower: createFollower(core, { freshMs: FRESH, now: Date.now }),
    reporter,
    state: null,
    app: createEdge({
      keyOf: (kid) => made.state?.keyOf(kid),
      withdrawn: (tag) => made.state?.withdrawn(tag) ?? false,
      disabled: (link) => made.state?.disabled(link) ?? false,
      files: { open: (_, token) => core.file(token) },
      record: (event, token) => void reporter.add(reportOf(event, token)),
      confirm: async (event, token) => {
        const results = await core.report([reportOf(event, token)]).catch(() => []);
        return results[0] === "written";
      },
      now: Date.now,
      newId: uuidv7,
    }),
  };
  return made;
}

export default {
  async fetch(request: Request, env: WorkerEnv, context: WorkerContext): Promise<Response> {
    const { app, follower, reporter } = worker ??= createWorker(env);
    const waitUntil = (work: Promise<unknown>) => context.waitUntil(work);
    worker.state = await follower.known(waitUntil);
    if (worker.state === null) {
      return page("away", languageOf(request.headers.get("accept-language") ?? undefined));
    }
    const header = env.CLIENT_ADDRESS_HEADER || "cf-connecting-ip";
    const answer = await app.fetch(request, {
      clientAddress: request.headers.get(header) ?? "",
    });
    reporter.tend(waitUntil);
    return answer;
  },
};
