/** Lays out plain text: paragraphs, wrapped lines, marks before them. */

/** Characters on a line (RFC 5322 §2.1.1). */
const WIDTH = 78;
/** Marks before a line beyond which further ones are not written. */
const DEEPEST = 8;

export interface TextWriter {
  /** Running text; white space is one space, as in HTML. */
  text(text: string): void;
  /** Ends the line, if there is anything on it. */
  line(): void;
  /** Ends the line, be it empty. */
  br(): void;
  /** Ends the line; an empty one stands before what follows. */
  paragraph(): void;
  /** What follows on this line is another cell. */
  cell(): void;
  /** White space and line ends count from now on, or no more. */
  pre(on: boolean): void;
  /** Puts a mark before the lines that follow: another one before the first. */
  enter(first: string, rest: string): void;
  leave(): void;
  /** All that was written; lines end with CRLF. */
  end(): string;
}

/** No-break spaces are spaces here: people use them to push things about. */
const SPACES = /\s+/g;
/**
 * Shown by nobody: soft hyphens, byte order marks, and joiners with nothing to join, which fill the
 * preview of a message.
 */
const INVISIBLE =
  /[\u00ad\u034f\u180e\u200b\u2060-\u2064\ufeff]+|(?<=^|\s)[\u200c-\u200f]+|[\u200c-\u200f]+(?=\s|$)/g;
/** The white space between tags. */
const BLANK = /^[ \t\r\n]+$/;
/** What may be one of these; most text has nothing of it. */
const UNUSUAL = / {2}|[^ -~\xa1-\xac\xae-\u034e]/;

export function createTextWriter(): TextWriter {
  const lines: string[] = [];
  const marks: { first: string; rest: string }[] = [];
  let current = "";
  /** Whether a space would be one too many; so it is at the start. */
  let spaceAtEnd = true;
  /** How many marks stand before the empty line to come; null when none is. */
  let gap: number | null = null;
  let newCell = false;
  let verbatim = 0;

  /** What stands before a line: of the first `count` marks, outermost first. */
  function before(part: "first" | "rest", count: number): string {
    let text = "";
    for (let i = 0; i < Math.min(count, marks.length, DEEPEST); i++) text += marks[i]![part];
    return text;
  }

  function put(content: string): void {
    if (gap !== null && lines.length > 0) lines.push(before("rest", gap).trimEnd());
    gap = null;
    lines.push((before("first", DEEPEST) + content).trimEnd());
    for (let i = 0; i < Math.min(marks.length, DEEPEST); i++) marks[i]!.first = marks[i]!.rest;
  }

  function line(): void {
    const content = current.trim();
    current = "";
    spaceAtEnd = true;
    newCell = false;
    if (content === "") return;
    const room = WIDTH - before("rest", DEEPEST).length;
    for (const piece of wrap(content, room)) put(piece);
  }

  /** Outside everything that begins or ends here. */
  function leaveGap(): void {
    gap = Math.min(gap ?? Infinity, marks.length);
  }

  function preformatted(text: string): void {
    const [head, ...others] = text.replaceAll("\r", "").split("\n");
    current += head!;
    for (const next of others) {
      put(current);
      current = next;
    }
  }

  return {
    text(raw) {
      if (verbatim > 0) return preformatted(raw.replace(INVISIBLE, ""));
      const flat = !UNUSUAL.test(raw)
        ? raw
        : BLANK.test(raw)
        ? " "
        : raw.replace(INVISIBLE, "").replace(SPACES, " ");
      if (flat === "" || (flat === " " && (spaceAtEnd || newCell))) return;
      // Looked at piece by piece: the line itself is put together once, however long it grows.
      if (newCell) current += spaceAtEnd ? "| " : " | ";
      current += (newCell || spaceAtEnd) && flat.startsWith(" ") ? flat.slice(1) : flat;
      spaceAtEnd = flat.endsWith(" ");
      newCell = false;
    },
    line,
    br() {
      if (current === "") leaveGap();
      else line();
    },
    paragraph() {
      line();
      leaveGap();
    },
    cell() {
      newCell = current !== "";
    },
    pre(on) {
      if (!on && current.trim() !== "") put(current);
      current = "";
      spaceAtEnd = true;
      verbatim += on ? 1 : -1;
    },
    enter(first, rest) {
      line();
      marks.push({ first, rest });
    },
    leave() {
      line();
      marks.pop();
      if (gap !== null) leaveGap();
    },
    end() {
      line();
      return lines.length === 0 ? "" : `${lines.join("\r\n")}\r\n`;
    },
  };
}

/** Broken at spaces; a word longer than a line has one of its own. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let at = 0;
  while (text.length - at > width) {
    let end = text.lastIndexOf(" ", at + width);
    if (end <= at) end = text.indexOf(" ", at + width);
    if (end < 0) break;
    lines.push(text.slice(at, end));
    at = end + 1;
  }
  lines.push(text.slice(at));
  return lines;
}
