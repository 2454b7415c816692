/** Text that is written on and on, as UTF-8. */
const encoder = new TextEncoder();

/** Characters gathered before they are encoded: a call for each line would cost more than the line. */
const GATHERED = 8_192;
const PIECE_BYTES = 256 * 1024;

/**
 * Held as bytes, outside what the garbage collector moves about: texts of a whole batch would be copied
 * again and again before they are let go. In pieces, for one that grows would be copied too.
 */
export class TextBytes {
  readonly #full: Uint8Array<ArrayBuffer>[] = [];
  #open = new Uint8Array(PIECE_BYTES);
  #used = 0;
  #gathered = "";
  #encoded = 0;

  /** Bytes so far, about: not less than characters. */
  get size(): number {
    return this.#encoded + this.#gathered.length;
  }

  add(text: string): void {
    this.#gathered += text;
    if (this.#gathered.length >= GATHERED) this.#encode();
  }

  /** All of it, in order. */
  pieces(): Uint8Array<ArrayBuffer>[] {
    this.#encode();
    return [...this.#full, this.#open.subarray(0, this.#used)];
  }

  #encode(): void {
    const needed = 3 * this.#gathered.length; // of UTF-8 for a UTF-16 code unit
    if (needed > this.#open.length - this.#used) {
      this.#full.push(this.#open.subarray(0, this.#used));
      this.#open = new Uint8Array(Math.max(needed, PIECE_BYTES));
      this.#used = 0;
    }
    const { written } = encoder.encodeInto(this.#gathered, this.#open.subarray(this.#used));
    this.#used += written;
    this.#encoded += written;
    this.#gathered = "";
  }
}
