/**
 * Records of BIFF8 ([MS-XLS]), as far as a plain sheet needs them. Written here because the library
 * that reads and writes XLS looks each text up among all before it, which takes hours for a full sheet.
 */

/** Data of one record, bytes (2.1.4). */
const LARGEST = 8224;

/** Bytes that grow. */
export class Sink {
  #bytes = new Uint8Array(1 << 16);
  #view = new DataView(this.#bytes.buffer);
  length = 0;

  /** Makes room, and gives where it begins. */
  #room(size: number): number {
    const at = this.length;
    this.length += size;
    if (this.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
  u8(...values: number[]): void {
    for (const value of values) {
      const at = this.#room(1);
      this.#view.setUint8(at, value);
    }
  }
  u16(...values: number[]): void {
    for (const value of values) {
      const at = this.#room(2);
      this.#view.setUint16(at, value, true);
    }
  }
  u32(...values: number[]): void {
    for (const value of values) {
      const at = this.#room(4);
      this.#view.setUint32(at, value, true);
    }
  }
  double(value: number): void {
    const at = this.#room(8);
    this.#view.setFloat64(at, value, true);
  }
  bytes(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }
  all(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }
}

/** A record; its data, at most 8224 bytes, as `fill` writes it. */
export function record(sink: Sink, type: number, fill: (data: Sink) => void = () => {}): void {
  const data = new Sink();
  fill(data);
  sink.u16(type, data.length);
  sink.bytes(data.all());
}

/** Characters behind their width: 0 for bytes of Latin 1, 1 for UTF-16. */
function characters(text: string): Uint8Array {
  let wide = false;
  for (let i = 0; i < text.length && !wide; i++) wide = text.charCodeAt(i) > 0xff;
  const bytes = new Uint8Array(1 + (wide ? 2 : 1) * text.length);
  bytes[0] = wide ? 1 : 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!wide) bytes[1 + i] = code;
    else bytes.set([code & 0xff, code >> 8], 1 + 2 * i);
  }
  return bytes;
}

/** XLUnicodeString (2.5.294). */
export function longText(sink: Sink, text: string): void {
  sink.u16(text.length);
  sink.bytes(characters(text));
}

/** ShortXLUnicodeString (2.5.240). */
export function shortText(sink: Sink, text: string): void {
  sink.u8(text.length);
  sink.bytes(characters(text));
}

/**
 * The table of shared strings (2.4.265). A text stands in one record whole, so none may be longer than
 * {@link LONGEST_TEXT}; the next record goes on with the next text.
 */
export class SharedStrings {
  readonly #known = new Map<string, number>();
  readonly #records: Sink[] = [new Sink()];
  #uses = 0;

  /** The place of the text in the table. */
  place(text: string): number {
    this.#uses++;
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const bytes = characters(text);
    const first = this.#records.length === 1 ? 8 : 0;
    let last = this.#records.at(-1)!;
    if (first + last.length + 2 + bytes.length > LARGEST) this.#records.push(last = new Sink());
    last.u16(text.length);
    last.bytes(bytes);
    const place = this.#known.size;
    this.#known.set(text, place);
    return place;
  }

  write(sink: Sink): void {
    for (const [i, texts] of this.#records.entries()) {
      record(sink, i === 0 ? 0x00fc : 0x003c, (data) => {
        if (i === 0) data.u32(this.#uses, this.#known.size);
        data.bytes(texts.all());
      });
    }
  }
}

/** In UTF-16 units: two bytes each, behind five, in one record with the table's head. */
export const LONGEST_TEXT = 4096;
