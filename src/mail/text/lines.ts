/** Plain text as lines with their depth of quoting; format=flowed put together (RFC 3676). */

export interface TextLine {
  /** How often it is quoted: the `>` before it. */
  readonly depth: number;
  readonly text: string;
}

/** Parameters of the part's Content-Type (RFC 3676 §3). */
export interface TextFormat {
  readonly flowed: boolean;
  /** The space at the end of a flowed line is no part of the text. */
  readonly delSp: boolean;
}

/** Separates the signature; never flowed, though it ends with a space (RFC 3676 §4.3). */
const SIGNATURE = "-- ";

/** @param text lines end with CRLF or LF */
export function readLines(text: string, { flowed, delSp }: TextFormat): TextLine[] {
  const lines = text.split(/\r?\n/);
  return flowed ? readFlowed(lines, delSp) : lines.map(readFixed);
}

/** `>> a` and `> > a` are the same depth in text that is not flowed. */
function readFixed(line: string): TextLine {
  const marks = /^(?:> ?)*/.exec(line)![0];
  return { depth: marks.replaceAll(" ", "").length, text: line.slice(marks.length) };
}

function readFlowed(lines: readonly string[], delSp: boolean): TextLine[] {
  const paragraphs: TextLine[] = [];
  let pieces: string[] = [];
  let depth = 0;
  const finish = () => {
    if (pieces.length > 0) paragraphs.push({ depth, text: pieces.join("") });
    pieces = [];
  };
  for (const line of lines) {
    const marks = /^>*/.exec(line)![0].length;
    const start = line[marks] === " " ? marks + 1 : marks; // space-stuffed, §4.4
    const text = line.slice(start);
    if (marks !== depth || text === SIGNATURE) finish();
    depth = marks;
    const goesOn = text.endsWith(" ") && text !== SIGNATURE;
    pieces.push(goesOn && delSp ? text.slice(0, -1) : text);
    if (!goesOn) finish();
  }
  finish();
  return paragraphs;
}
