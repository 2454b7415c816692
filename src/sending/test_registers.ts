/** For tests: registers in memory, whose answers may take their time or be lost. */
import type { Registers } from "./mod.ts";
import { type Sheet, taken } from "./places.ts";

/** @param answer waited for before each answer; where it throws, the answer is lost, not the write */
export function memoryRegisters(answer: () => Promise<void> = () => Promise.resolve()) {
  const kept = new Map<string, { value: unknown; revision: number }>();
  let revision = 0;
  const registers: Registers = {
    async read(key) {
      const found = kept.get(key) ?? null;
      await answer();
      return found;
    },
    async write(key, value, expected) {
      const mine = (kept.get(key)?.revision ?? 0) === expected;
      if (mine) kept.set(key, { value, revision: ++revision });
      const written = mine ? revision : null;
      await answer();
      return written;
    },
  };
  return {
    registers,
    keys: () => [...kept.keys()],
    sheet: (key: string) => kept.get(key)?.value as Sheet | undefined,
    /** How many are taken on each sheet. */
    taken: () => [...kept.values()].map(({ value }) => taken(value as Sheet)),
  };
}

export const nothingBefore = () => Promise.resolve(0);
