/** Header fields whose lines are too long for the wire (RFC 5322 §2.1.1). */
import { LINE_LIMIT } from "../lines.ts";

/**
 * The field, CRLF at its end, with no line longer than 998 octets: folded before white space where
 * there is some, otherwise at the limit, as mail servers do on their way.
 */
export function foldLong(field: string): string {
  return field.split("\r\n").map(foldLine).join("\r\n");
}

function foldLine(line: string): string {
  if (line.length <= LINE_LIMIT) return line;
  // One space for each run: it means the same, and no line can be of white space alone.
  const rest = line.replace(/[ \t]+/g, " ");
  const room = LINE_LIMIT - 1;
  let folded = "";
  let at = 0;
  while (rest.length - at > room) {
    const space = rest.slice(at, at + room).lastIndexOf(" ");
    const end = space > 0 ? at + space : at + room;
    folded += rest.slice(at, end) + (space > 0 ? "\r\n" : "\r\n ");
    at = end;
  }
  return folded + rest.slice(at);
}
