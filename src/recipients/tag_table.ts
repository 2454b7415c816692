/**
 * A map from 64-bit tags to a byte, for millions of them: open addressing with linear probing in flat
 * arrays, 9 bytes a slot, at most three quarters of the slots taken. Tags come from a keyed hash, so
 * their bits are spread as they are and nobody can choose tags that collide.
 */

const FEWEST = 16;

/** For taking a tag apart without arithmetic on bigints. */
const whole = new BigUint64Array(1);
const halves = new Uint32Array(whole.buffer);

export class TagTable {
  /** Tags held. */
  size = 0;
  #mask = FEWEST - 1;
  #a = new Uint32Array(FEWEST);
  #b = new Uint32Array(FEWEST);
  /** 0: the slot is free. */
  #values = new Uint8Array(FEWEST);

  /** The tag's value; 0 when there is none. */
  get(tag: bigint): number {
    if (this.size === 0) return 0;
    whole[0] = tag;
    return this.#values[this.#find(halves[0]!, halves[1]!)]!;
  }

  /** @param value 1 to 255 */
  set(tag: bigint, value: number): void {
    whole[0] = tag;
    const [a, b] = [halves[0]!, halves[1]!];
    const at = this.#find(a, b);
    if (this.#values[at] === 0) this.size++;
    this.#put(at, a, b, value);
    if (this.size > this.#mask * 3 / 4) this.#grow();
  }

  delete(tag: bigint): void {
    whole[0] = tag;
    let free = this.#find(halves[0]!, halves[1]!);
    if (this.#values[free] === 0) return;
    this.size--;
    this.#values[free] = 0;
    // Those behind that could not have the free slot when they came move up, so that no search for
    // them ends at it.
    for (let at = free + 1 & this.#mask; this.#values[at] !== 0; at = at + 1 & this.#mask) {
      const wanted = this.#a[at]! & this.#mask;
      if ((at - wanted & this.#mask) < (at - free & this.#mask)) continue;
      this.#put(free, this.#a[at]!, this.#b[at]!, this.#values[at]!);
      this.#values[at] = 0;
      free = at;
    }
  }

  /** All of them, in no order. */
  *tags(): Generator<bigint> {
    for (let at = 0; at <= this.#mask; at++) {
      if (this.#values[at] === 0) continue;
      halves[0] = this.#a[at]!;
      halves[1] = this.#b[at]!;
      yield whole[0]!;
    }
  }

  /** Bytes of memory. */
  get bytes(): number {
    return 9 * (this.#mask + 1);
  }

  /** The slot that holds the tag, or the free one where it would be. */
  #find(a: number, b: number): number {
    let at = a & this.#mask;
    while (this.#values[at] !== 0 && (this.#a[at] !== a || this.#b[at] !== b)) {
      at = at + 1 & this.#mask;
    }
    return at;
  }

  #put(at: number, a: number, b: number, value: number): void {
    this.#a[at] = a;
    this.#b[at] = b;
    this.#values[at] = value;
  }

  #grow(): void {
    const [oldA, oldB, oldValues] = [this.#a, this.#b, this.#values];
    const slots = 2 * oldValues.length;
    this.#mask = slots - 1;
    this.#a = new Uint32Array(slots);
    this.#b = new Uint32Array(slots);
    this.#values = new Uint8Array(slots);
    for (let i = 0; i < oldValues.length; i++) {
      if (oldValues[i] === 0) continue;
      this.#put(this.#find(oldA[i]!, oldB[i]!), oldA[i]!, oldB[i]!, oldValues[i]!);
    }
  }
}
