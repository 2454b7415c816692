/** What submission asks of a message: its header read, and whether it can be sent on at all. */
import { isAscii, toText } from "./bytes.ts";
import { type AddressList, parseAddresses } from "./header/address.ts";
import { type Field, type Header, readHeader, valueOf } from "./header/fields.ts";
import { visibleAddresses } from "./header/visible.ts";
import { decodeWords } from "./header/words.ts";

/** Bytes a header block may have. Postfix and Exim draw the line at 100 KB and 1 MB. */
export const HEADER_LIMIT = 256 * 1024;

/** Fields that tell who sends, as they are written (RFC 5322 §3.6.2, §3.6.6). */
const ORIGINATORS = ["From", "Sender", "Resent-From", "Resent-Sender"] as const;

/** Fields that a message has at most once (RFC 5322 §3.6): of two, each reader chooses another. */
const AT_MOST_ONCE = [
  ...["From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject", "Date", "Message-ID"],
  ...["In-Reply-To", "References"],
];

export interface Inspection {
  /** addr-specs of all From fields. A message to send has exactly one field. */
  from: string[];
  /**
   * Every address that some reader could take for the sender's: those of From, Sender, Resent-From
   * and Resent-Sender, and those written in their names and comments, encoded or not.
   */
  originators: string[];
  to: string[];
  cc: string[];
  bcc: string[];
  /** Display names of To and Cc by address; the first, where one has several. */
  names: Map<string, string>;
  /** Readable (RFC 2047 decoded); empty when there is none. */
  subject: string;
  /** Without brackets. */
  messageId: string | null;
  hasDate: boolean;
  /** How many Received fields: the hops so far. */
  received: number;
  /** Values of the options field, unfolded. */
  options: string[];
  /** Whether it says that it has parts. */
  multipart: boolean;
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
  const addresses = (lists: AddressList[]) => lists.flatMap((list) => list.addresses);
  const [to, cc] = [lists("to"), lists("cc")];
  const originators = ORIGINATORS.flatMap((name) =>
    values(name.toLowerCase()).map((value) => ({ name, value, list: parseAddresses(value) }))
  );

  return {
    from: originators.flatMap(({ name, list }) => name === "From" ? list.addresses : []),
    originators: [
      ...new Set(originators.flatMap(({ value, list }) => [
        ...list.addresses,
        ...visibleAddresses(value),
      ])),
    ],
    to: addresses(to),
    cc: addresses(cc),
    bcc: addresses(lists("bcc")),
    names: namesIn([...to, ...cc]),
    subject: decodeWords(values("subject")[0] ?? ""),
    messageId: /<([^<>\s]+)>/.exec(values("message-id")[0] ?? "")?.[1] ?? null,
    hasDate: byName.has("date"),
    received: byName.get("received")?.length ?? 0,
    options: values(optionsName.toLowerCase()),
    multipart: /multipart\//i.test(values("content-type")[0] ?? ""),
    eightBitHeaders: !isAscii(text),
    problem: problemOf(raw, text, header, byName) ??
      originators.map(unfit).find((problem) => problem !== null) ?? null,
  };
}

function namesIn(lists: readonly AddressList[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { addresses, names } of lists) {
    for (const [i, address] of addresses.entries()) {
      if (names[i] !== "" && !found.has(address)) found.set(address, names[i]!);
    }
  }
  return found;
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
  if (!byName.has("from")) return "there is no From field";
  for (const name of AT_MOST_ONCE) {
    const times = byName.get(name.toLowerCase())?.length ?? 0;
    if (times > 1) return `there are ${times} ${name} fields, not one`;
  }
  return null;
}

/** Why a field that tells who sends could tell different readers different things. */
function unfit({ name, value, list }: {
  name: typeof ORIGINATORS[number];
  value: string;
  list: AddressList;
}): string | null {
  // deno-lint-ignore no-control-regex -- none of them belongs there, but for the tabs of folding
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) return `the ${name} field has a control character`;
  if (!list.clean) return `the ${name} field cannot be read as a list of addresses`;
  if (list.grouped) return `the ${name} field has a group, not addresses`;
  if (name.endsWith("Sender") && list.addresses.length !== 1) {
    return `the ${name} field is not one address`;
  }
  return null;
}

function lineOf(text: string, header: Header, field: number): number {
  return text.slice(0, header.fields[field]!.start).split("\r\n").length;
}
