/**
 * Sheets in registers that all nodes share. What is asked of one meanwhile is written together, when
 * the write before has its answer.
 */
import { BLANK, type Sheet } from "./places.ts";

export interface Registers {
  read(key: string): Promise<{ readonly value: unknown; readonly revision: number } | null>;
  /** Null where it is not the one of `revision` (0: nothing) any more. */
  write(key: string, value: unknown, revision: number): Promise<number | null>;
}

/** The sheet after it; null: there is nothing to change. */
export type Change = (sheet: Sheet) => Sheet | null;

export interface Sheets {
  /**
   * `done`: the change is on the sheet; otherwise it had nothing to change, on a sheet not older than
   * the question. Later changes may already be on the sheet that is given.
   * @throws what the registers throw: whether it is on the sheet is not known
   */
  change(key: string, change: Change): Promise<{ readonly done: boolean; readonly sheet: Sheet }>;
}

/** As it stands in the log, or was read. */
interface Seen {
  readonly sheet: Sheet;
  readonly revision: number;
}
interface Asked {
  readonly change: Change;
  resolve(answer: { done: boolean; sheet: Sheet }): void;
  reject(error: unknown): void;
}

/** Sheets remembered; one that is forgotten is read again. */
const REMEMBERED = 1_000;

export function createSheets(
  { registers, before }: {
    registers: Registers;
    /** What was taken in ways of which a new sheet knows nothing. */
    before: (key: string) => Promise<number>;
  },
): Sheets {
  const known = new Map<string, Seen>();
  const waiting = new Map<string, Asked[]>();

  async function read(key: string): Promise<Seen> {
    const found = await registers.read(key);
    if (found !== null) return { sheet: found.value as Sheet, revision: found.revision };
    return { sheet: { ...BLANK, gone: Math.max(0, await before(key)) }, revision: 0 };
  }

  async function settle(key: string, asked: readonly Asked[]): Promise<void> {
    let fresh = !known.has(key);
    let seen = known.get(key) ?? await read(key);
    known.delete(key);
    for (;;) {
      let { sheet, revision } = seen;
      const done = asked.map(({ change }) => {
        const next = change(sheet);
        sheet = next ?? sheet;
        return next !== null;
      });
      const written = sheet !== seen.sheet;
      if (written) revision = await registers.write(key, sheet, revision) ?? -1;
      if (written ? revision >= 0 : fresh) {
        known.set(key, { sheet, revision });
        if (known.size > REMEMBERED) known.delete(known.keys().next().value!);
        asked.forEach(({ resolve }, i) => resolve({ done: done[i]!, sheet }));
        return;
      }
      seen = await read(key);
      fresh = true;
    }
  }

  async function work(key: string, asked: Asked[]): Promise<void> {
    while (asked.length > 0) {
      const now = asked.splice(0);
      await settle(key, now).catch((error) => now.forEach(({ reject }) => reject(error)));
    }
    waiting.delete(key);
  }

  return {
    change: (key, change) =>
      new Promise((resolve, reject) => {
        const asked = waiting.get(key);
        const one = { change, resolve, reject };
        if (asked !== undefined) return void asked.push(one);
        const first = [one];
        waiting.set(key, first);
        // What is asked in the same turn is written together.
        queueMicrotask(() => void work(key, first));
      }),
  };
}
