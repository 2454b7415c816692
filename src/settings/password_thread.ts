/**
 * One thread that hashes passwords, 50 ms each, so that mail and pages do not wait for guesses.
 *
 * The thread has the permissions of its process: Deno takes them away only with
 * `--unstable-worker-options`, and ends a process that asks for it without that flag. All that the
 * thread ever runs is password_worker.ts.
 */
import { Worker } from "node:worker_threads";
import type { PasswordCheck } from "./password_worker.ts";

/** Too many passwords wait to be checked. */
export class VerifierBusyError extends Error {
  override name = "VerifierBusyError";
}

/** About ten seconds of work: who comes later would have given up before an answer. */
const MAX_WAITING = 200;

/**
 * Each check leaves 20 MB behind for the garbage collector, which with the room that our processes
 * give to the young would let a gigabyte gather; in a small heap it comes by every few checks.
 */
const HEAP_MB = 32;

export interface PasswordThread {
  /** @throws {VerifierBusyError} @throws {Error} when the thread broke, or was closed. */
  verify(password: string, hash: string): Promise<boolean>;
  close(): void;
}

interface Task extends PromiseWithResolvers<boolean> {
  check: PasswordCheck;
}

/** The thread starts with the first password. One that broke is replaced for the next password. */
export function createPasswordThread(): PasswordThread {
  const waiting: Task[] = [];
  let current: Task | undefined;
  let worker: Worker | undefined;
  let closed = false;

  function start(): Worker {
    const started = new Worker(new URL("./password_worker.ts", import.meta.url), {
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    started.on("message", (matches: boolean) => done((task) => task.resolve(matches)));
    started.on("error", (error: Error) => {
      worker = undefined;
      done((task) => task.reject(new Error(`password thread: ${error.message}`)));
    });
    return started;
  }

  function done(settle: (task: Task) => void): void {
    const task = current;
    next();
    if (task !== undefined) settle(task);
  }

  function next(): void {
    current = waiting.shift();
    if (current !== undefined) (worker ??= start()).postMessage(current.check);
  }

  return {
    verify(password, hash) {
      if (closed) return Promise.reject(new Error("the password thread is closed"));
      if (waiting.length >= MAX_WAITING) {
        return Promise.reject(new VerifierBusyError("too many passwords wait to be checked"));
      }
      const task = { check: { password, hash }, ...Promise.withResolvers<boolean>() };
      waiting.push(task);
      if (current === undefined) next();
      return task.promise;
    },
    close() {
      closed = true;
      worker?.terminate().catch(() => {});
      for (const task of [...current ? [current] : [], ...waiting.splice(0)]) {
        task.reject(new Error("the password thread is closed"));
      }
    },
  };
}
