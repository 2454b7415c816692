/** Text that is written on and on, as UTF-8. */
const encoder = new TextEncoder();

/** Characters gathered before they are encoded: a call for each line would cost more than the line. */
const GATHERED = 8_192;
const BUFFER_BYTES = 256 * 1024;

/** Let go, for the next text: new ones would wait for the collector by the dozen megabytes. */
const spare: Uint8Array<ArrayBuffer>[] = [];
const MOST_SPARE = 64;

/**
 * Held as bytes, outside what the garbage collector moves about: texts of a whole batch would be copied
 * again and again before they are let go. In pieces, for one that grows would be copied too.
 */
export class TextBytes {
  #buffers: Uint8Array<ArrayBuffer>[] = [];
  #pieces: Uint8Array<ArrayBuffer>[] = [];
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
  pieces(): readonly Uint8Array<ArrayBuffer>[] {
    this.#encode();
    return this.#pieces;
  }

  /** Nobody reads its pieces any more: what they lie in is written to again. */
  letGo(): void {
    for (const buffer of this.#buffers) {
      if (buffer.length === BUFFER_BYTES && spare.length < MOST_SPARE) spare.push(buffer);
    }
    this.#buffers = [];
    this.#pieces = [];
  }

  #encode(): void {
    if (this.#gathered === "") return;
    const needed = 3 * this.#gathered.length; // of UTF-8 for a UTF-16 code unit
    let buffer = this.#buffers.at(-1);
    if (buffer === undefined || needed > buffer.length - this.#used) {
      buffer = needed > BUFFER_BYTES
        ? new Uint8Array(needed)
        : spare.pop() ?? new Uint8Array(BUFFER_BYTES);
      this.#buffers.push(buffer);
      this.#pieces.push(buffer.subarray(0, 0));
      this.#used = 0;
    }
    const { written } = encoder.encodeInto(this.#gathered, buffer.subarray(this.#used));
    this.#used += written;
    this.#encoded += written;
    this.#pieces[this.#pieces.length - 1] = buffer.subarray(0, this.#used);
    this.#gathered = "";
  }
}
