/** A bounded memory of answers: what was asked for longest ago goes first. */
export class Recent<V> {
  readonly #limit: number;
  readonly #held = new Map<string, V>();

  /** @param limit how many answers are held at most. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#held.size;
  }

  /** The answer to `key`, worked out by `make` when it is not held. */
  get(key: string, make: () => V): V {
    const held = this.#held.get(key);
    if (held !== undefined) {
      this.#held.delete(key);
      this.#held.set(key, held);
      return held;
    }
    const made = make();
    if (this.#held.size >= this.#limit) {
      const [oldest] = this.#held.keys();
      if (oldest !== undefined) this.#held.delete(oldest);
    }
    this.#held.set(key, made);
    return made;
  }
}
