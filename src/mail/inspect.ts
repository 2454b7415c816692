/** What submission asks of a message: its header read, and whether it can be sent on at all. */
import { isAscii, toText } from "./bytes.ts";
import { parseAddresses } from "./header/address.ts";
import { type Field, type Header, readHeader, valueOf } from "./header/fields.ts";
import { decodeWords } from "./header/words.ts";

/** Bytes a header block may have. Postfix and Exim draw the line at 100 KB and 1 MB. */
export const HEADER_LIMIT = 256 * 1024;

export interface Inspection {
  /** addr-specs of all From fields. A message to send has exactly one. */
  from: string[];
  sender: string | null;
  to: string[];
  cc: string[];
  bcc: string[];
  /** Readable (RFC 2047 decoded); empty when there is none. */
  subject: string;
  /** Without brackets. */
  messageId: string | null;
  hasDate: boolean;
  /** How many Received fields: the hops so far. */
  received: number;
  /** Values of the options field, unfolded. */
  options: string[];
  /** A byte ≥ 0x80 in the header: needs SMTPUTF8 (RFC 6531). */
  eightBitHeaders: boolean;
  /** Why this message cannot be sent, for the sender to read; null when it can. */
  problem: string | null;
}

/**
 * Reads the header of a message as received; never throws and never looks at the body.
 *
 * @param optionsName name of the options field, such as `X-EFIDEM-HEADERS`
 */
export function inspect(raw: Uint8Array, optionsName: string): Inspection {
  const text = headerText(raw);
  const header = readHeader(text);
  const byName = Map.groupBy(header.fields, (field) => field.name);
  const values = (name: string) => (byName.get(name) ?? []).map((field) => valueOf(text, field));
  const lists = (name: string) => values(name).map(parseAddresses);
  const addresses = (name: string) => lists(name).flatMap((list) => list.addresses);

  return {
    from: addresses("from"),
    sender: addresses("sender")[0] ?? null,
    to: addresses("to"),
    cc: addresses("cc"),
    bcc: addresses("bcc"),
    subject: decodeWords(values("subject")[0] ?? ""),
    messageId: /<([^<>\s]+)>/.exec(values("message-id")[0] ?? "")?.[1] ?? null,
    hasDate: byName.has("date"),
    received: byName.get("received")?.length ?? 0,
    options: values(optionsName.toLowerCase()),
    eightBitHeaders: !isAscii(text),
    problem: problemOf(raw, text, header, byName) ??
      (lists("from").every((list) => list.clean)
        ? null
        : "the From field cannot be read as a list of addresses"),
  };
}

/** The header block and its empty line, or as much of it as may be. */
function headerText(raw: Uint8Array): string {
  const text = toText(raw.subarray(0, HEADER_LIMIT + 4));
  if (text.startsWith("\r\n")) return "";
  const end = text.indexOf("\r\n\r\n");
  return end < 0 ? text : text.slice(0, end + 4);
}

function problemOf(
  raw: Uint8Array,
  text: string,
  header: Header,
  byName: ReadonlyMap<string, readonly Field[]>,
): string | null {
  if (header.end > HEADER_LIMIT) return `the header is larger than ${HEADER_LIMIT} bytes`;
  if (raw.length === 0 || header.fields.every((field) => field.name === "")) {
    return "the message has no header";
  }
  if (text.includes("\0")) return "the header contains a NUL";
  if (/\r(?!\n)|(?<!\r)\n/.test(text)) return "the header contains a bare CR or LF";
  const stray = header.fields.findIndex((field) => field.name === "");
  if (stray >= 0) return `line ${lineOf(text, header, stray)} of the header is not a field`;
  const froms = byName.get("from")?.length ?? 0;
  if (froms !== 1) {
    return froms === 0 ? "there is no From field" : `there are ${froms} From fields, not one`;
  }
  return null;
}

function lineOf(text: string, header: Header, field: number): number {
  return text.slice(0, header.fields[field]!.start).split("\r\n").length;
}
