/** Changes to a text, told by offsets. */

/** `start` to `end` is replaced. Of two that overlap, the first counts. */
export interface Edit<By = string> {
  readonly start: number;
  readonly end: number;
  readonly by: By;
}

/** What stays and what is put in, in order. */
export function cutAt<By>(text: string, edits: readonly Edit<By>[]): (string | By)[] {
  const pieces: (string | By)[] = [];
  let at = 0;
  for (const { start, end, by } of edits.toSorted((a, b) => a.start - b.start)) {
    if (start < at) continue;
    pieces.push(text.slice(at, start), by);
    at = end;
  }
  pieces.push(text.slice(at));
  return pieces.filter((piece) => piece !== "");
}

/** The text with the changes made. */
export function applied(text: string, edits: readonly Edit[]): string {
  return cutAt(text, edits).join("");
}
