/** Where a body lies: the parts of messages of the body stream that make it up, in order. */

export interface Part {
  /** Sequence of the message. */
  readonly seq: number;
  readonly offset: number;
  readonly length: number;
}

/** `seq:offset:length`, several joined by commas. */
export function formatReference(parts: readonly Part[]): string {
  return parts.map(({ seq, offset, length }) => `${seq}:${offset}:${length}`).join(",");
}

/** Null when the text is no reference of ours. */
export function parseReference(text: string): Part[] | null {
  if (!/^\d+:\d+:\d+(,\d+:\d+:\d+)*$/.test(text)) return null;
  return text.split(",").map((part) => {
    const [seq, offset, length] = part.split(":").map(Number);
    return { seq: seq!, offset: offset!, length: length! };
  });
}
