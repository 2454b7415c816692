/** Pieces of text that end anywhere → whole lines. */

/** Gives the lines that a piece completes, and keeps what is left of it. */
export function lineSplitter(): { take(piece: Uint8Array): string[]; rest(): string } {
  const utf8 = new TextDecoder();
  let held = "";
  return {
    take(piece) {
      const lines = (held + utf8.decode(piece, { stream: true })).split("\n");
      held = lines.pop()!;
      return lines;
    },
    rest: () => held + utf8.decode(),
  };
}
