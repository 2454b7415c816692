/** Rebuilds that a running loader is asked for: one at a time, and how it goes. */
import { messageOf } from "@chappe/src/runtime";
import type { LoaderOptions } from "../load.ts";
import type { Comparison } from "./compare.ts";
import { type Live, type Progress, rebuild } from "./rebuild.ts";

/** Times are ms. */
export type RebuildState =
  | { phase: "none" }
  | ({ phase: "building"; tookMs: number } & Progress)
  | ({ phase: "done"; tookMs: number; comparison: Comparison | null } & Progress)
  | { phase: "failed"; error: string };

export class Rebuilds {
  #state: RebuildState = { phase: "none" };
  #busy = false;
  #asked = Promise.withResolvers<void>();

  get state(): RebuildState {
    return this.#state;
  }

  isBusy(): boolean {
    return this.#busy;
  }

  /** Asks for one, unless one is under way. */
  ask(): RebuildState {
    if (!this.#busy) {
      this.#state = { phase: "building", tookMs: 0, seq: 0, last: 0, events: 0 };
      this.#asked.resolve();
    }
    return this.#state;
  }

  /** Does what is asked for beside `live`, until the loader's signal aborts. */
  async serve(options: LoaderOptions, live: Live): Promise<void> {
    const { signal } = options;
    const aborted = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    while (!signal.aborted) {
      await Promise.race([this.#asked.promise, aborted]);
      if (signal.aborted) return;
      this.#asked = Promise.withResolvers<void>();
      await this.perform(options, live);
    }
  }

  /** False when it failed, or one is under way; `state` says why. Does not throw. */
  async perform(options: LoaderOptions, live: Live | null): Promise<boolean> {
    if (this.#busy) return false;
    this.#busy = true;
    const { now, logger } = options;
    const started = now();
    const progress: Progress = { seq: 0, last: 0, events: 0 };
    const tell = () => {
      this.#state = { phase: "building", tookMs: now() - started, ...progress };
    };
    try {
      tell();
      const comparison = await rebuild({
        ...options,
        onProgress(made) {
          Object.assign(progress, made);
          tell();
        },
      }, live);
      this.#state = { phase: "done", tookMs: now() - started, comparison, ...progress };
      const differences = comparison?.differences.length ?? null;
      logger.info("loader.rebuilt", { ...progress, tookMs: now() - started, differences });
      return true;
    } catch (error) {
      this.#state = { phase: "failed", error: messageOf(error) };
      logger.error("loader.rebuild-failed", { error: messageOf(error) });
      return false;
    } finally {
      this.#busy = false;
    }
  }
}
