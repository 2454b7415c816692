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
const TO_COLLAPSE = / {2}|[^\S ]/;
/**
 * Shown by nobody: soft hyphens, byte order marks, and joiners with nothing to join, which fill the
 * preview of a message.
 */
const INVISIBLE =
  /[\u00ad\u034f\u180e\u200b\u2060-\u2064\ufeff]+|(?<=^|\s)[\u200c-\u200f]+|[\u200c-\u200f]+(?=\s|$)/g;

const MAYBE_INVISIBLE = /[\u00ad\u034f\u180e\u200b-\u200f\u2060-\u2064\ufeff]/;

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

  function put(content: string): void {
    const used = marks.slice(0, DEEPEST);
    if (gap !== null && lines.length > 0) {
      lines.push(used.slice(0, gap).map(({ rest }) => rest).join("").trimEnd());
    }
    gap = null;
    const prefix = used.map(({ first }) => first).join("");
    for (const mark of used) mark.first = mark.rest;
    lines.push((prefix + content).trimEnd());
  }

  function line(): void {
    const content = current.trim();
    current = "";
    spaceAtEnd = true;
    newCell = false;
    if (content === "") return;
    const room = WIDTH - marks.slice(0, DEEPEST).reduce((sum, { rest }) => sum + rest.length, 0);
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
      const text = MAYBE_INVISIBLE.test(raw) ? raw.replace(INVISIBLE, "") : raw;
      if (verbatim > 0) return preformatted(text);
      const flat = TO_COLLAPSE.test(text) ? text.replace(SPACES, " ") : text;
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
