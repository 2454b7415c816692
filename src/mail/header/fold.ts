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
  let folded = "";
  let rest = line;
  while (rest.length > LINE_LIMIT) {
    const space = Math.max(rest.lastIndexOf(" ", LINE_LIMIT), rest.lastIndexOf("\t", LINE_LIMIT));
    // A line of white space alone would end the header for some.
    if (space > 0 && rest.slice(0, space).trim() !== "") {
      folded += `${rest.slice(0, space)}\r\n`;
      rest = rest.slice(space);
    } else {
      folded += `${rest.slice(0, LINE_LIMIT)}\r\n`;
      rest = ` ${rest.slice(LINE_LIMIT)}`;
    }
  }
  return folded + rest;
}
