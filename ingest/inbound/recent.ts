/** Remembers the last keys: who sends one report a thousand times fills no log with it. */

export interface Recent {
  has(id: string): boolean;
  add(id: string): void;
}

export function createRecent(capacity: number): Recent {
  const ids = new Set<string>();
  return {
    has: (id) => ids.has(id),
    add(id) {
      ids.add(id);
      if (ids.size > capacity) ids.delete(ids.values().next().value!);
    },
  };
}
