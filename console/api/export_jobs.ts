/** Exports one can look after: how far they are, and an end put to them. Kept by this process alone. */
import type { Order } from "./export_grid.ts";

export const STATES = ["ready", "running", "done", "failed", "cancelled"] as const;
export type State = typeof STATES[number];

export interface Job {
  readonly id: string;
  readonly account: string;
  readonly order: Order;
  /** ms UTC */
  readonly createdAt: number;
  readonly rowsTotal: number;
  rowsDone: number;
  state: State;
  /** Stops the file that is being written. */
  readonly stop: AbortController;
}

/** How long one is kept, ms, and how many of an account. */
const KEPT = 3600_000;
const MOST = 50;

export interface Jobs {
  add(job: Pick<Job, "id" | "account" | "order" | "rowsTotal">): Job;
  get(account: string, id: string): Job | undefined;
  remove(job: Job): void;
}

export function createJobs(now: () => number): Jobs {
  const jobs = new Map<string, Job>();
  const idle = ({ state }: Job) => state !== "running";

  function forget(account: string): void {
    for (const [id, job] of jobs) {
      if (job.createdAt < now() - KEPT && idle(job)) jobs.delete(id);
    }
    const own = [...jobs.values()].filter((job) => job.account === account && idle(job));
    for (const job of own.slice(0, Math.max(0, own.length - MOST + 1))) jobs.delete(job.id);
  }
  return {
    add(given) {
      forget(given.account);
      const job: Job = {
        ...given,
        createdAt: now(),
        rowsDone: 0,
        state: "ready",
        stop: new AbortController(),
      };
      jobs.set(job.id, job);
      return job;
    },
    get(account, id) {
      const job = jobs.get(id);
      return job?.account === account ? job : undefined;
    },
    remove(job) {
      job.stop.abort();
      jobs.delete(job.id);
    },
  };
}
