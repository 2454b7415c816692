/** DNS queries and responses (RFC 1035 §4), as far as mail needs them. */
import { DnsFormatError } from "./error.ts";
import { decodeName, encodeName } from "./name.ts";

/** RFC 1035 §3.2.2, RFC 3596. */
export const TYPE = { A: 1, CNAME: 5, SOA: 6, MX: 15, TXT: 16, AAAA: 28 } as const;
export type RecordType = "A" | "AAAA" | "MX" | "TXT" | "CNAME";

/** RFC 1035 §4.1.1. */
export const RCODE = { NOERROR: 0, NXDOMAIN: 3 } as const;

/**
 * `value`: address, host name, the strings of a TXT record joined (a character for each octet), or for
 * SOA nothing; `ttl` in seconds.
 */
export interface ResourceRecord {
  readonly name: string;
  readonly type: number;
  readonly ttl: number;
  readonly value: string;
  /** MX only. */
  readonly preference: number;
  /** SOA only: how long "there is none" may be remembered, seconds (RFC 2308 §4). */
  readonly minimum: number;
}

export interface Response {
  readonly id: number;
  readonly rcode: number;
  /** TC: the answer did not fit; ask again over TCP. */
  readonly truncated: boolean;
  readonly question: { readonly name: string; readonly type: number };
  readonly answers: readonly ResourceRecord[];
  readonly authority: readonly ResourceRecord[];
}

/** A recursive query for one name and type. @throws {DnsFormatError} */
export function encodeQuery(id: number, name: string, type: RecordType): Uint8Array<ArrayBuffer> {
  const qname = encodeName(name);
  const message = new Uint8Array(12 + qname.length + 4);
  const view = new DataView(message.buffer);
  view.setUint16(0, id);
  view.setUint16(2, 0x0100); // RD
  view.setUint16(4, 1);
  message.set(qname, 12);
  view.setUint16(12 + qname.length, TYPE[type]);
  view.setUint16(14 + qname.length, 1); // IN
  return message;
}

/** @throws {DnsFormatError} on anything that is not a whole response to one question. */
export function decodeResponse(message: Uint8Array): Response {
  if (message.length < 12) throw new DnsFormatError("header cut short");
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const flags = view.getUint16(2);
  if ((flags & 0x8000) === 0) throw new DnsFormatError("not a response");
  if (view.getUint16(4) !== 1) throw new DnsFormatError("not one question");
  const qname = decodeName(message, 12);
  if (qname.end + 4 > message.length) throw new DnsFormatError("question cut short");
  const question = { name: qname.name, type: view.getUint16(qname.end) };
  const truncated = (flags & 0x0200) !== 0;
  const head = { id: view.getUint16(0), rcode: flags & 0x0f, truncated, question };
  // What is left of a truncated answer is of no use.
  if (truncated) return { ...head, answers: [], authority: [] };
  const answers = readRecords(message, view, qname.end + 4, view.getUint16(6));
  const authority = readRecords(message, view, answers.end, view.getUint16(8));
  return { ...head, answers: answers.records, authority: authority.records };
}

function readRecords(
  message: Uint8Array,
  view: DataView,
  offset: number,
  count: number,
): { records: ResourceRecord[]; end: number } {
  const records: ResourceRecord[] = [];
  let at = offset;
  for (let i = 0; i < count; i++) {
    const { name, end } = decodeName(message, at);
    if (end + 10 > message.length) throw new DnsFormatError("record cut short");
    const type = view.getUint16(end);
    // RFC 2181 §8: a TTL with its top bit set counts as zero.
    const ttl = Math.max(0, view.getInt32(end + 4));
    const data = end + 10;
    at = data + view.getUint16(end + 8);
    if (at > message.length) throw new DnsFormatError("record cut short");
    records.push({ name, type, ttl, ...readData(message, view, type, data, at) });
  }
  return { records, end: at };
}

function readData(
  message: Uint8Array,
  view: DataView,
  type: number,
  from: number,
  end: number,
): Pick<ResourceRecord, "value" | "preference" | "minimum"> {
  const none = { value: "", preference: 0, minimum: 0 };
  const length = end - from;
  switch (type) {
    case TYPE.A:
      if (length !== 4) throw new DnsFormatError("A record of a wrong size");
      return { ...none, value: message.subarray(from, end).join(".") };
    case TYPE.AAAA: {
      if (length !== 16) throw new DnsFormatError("AAAA record of a wrong size");
      const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(from + 2 * i).toString(16));
      return { ...none, value: groups.join(":") };
    }
    case TYPE.CNAME:
      return { ...none, value: decodeName(message, from).name };
    case TYPE.MX:
      if (length < 3) throw new DnsFormatError("MX record cut short");
      return {
        ...none,
        preference: view.getUint16(from),
        value: decodeName(message, from + 2).name,
      };
    case TYPE.TXT:
      return { ...none, value: readStrings(message.subarray(from, end)) };
    case TYPE.SOA:
      if (length < 22) throw new DnsFormatError("SOA record cut short");
      return { ...none, minimum: Math.max(0, view.getInt32(end - 4)) };
    default:
      return none;
  }
}

/** RFC 1035 §3.3.14; readers join the strings without anything between (RFC 6376 §3.6.2.2). */
function readStrings(data: Uint8Array): string {
  let text = "";
  for (let at = 0; at < data.length;) {
    const end = at + 1 + data[at]!;
    if (end > data.length) throw new DnsFormatError("TXT record cut short");
    text += String.fromCharCode(...data.subarray(at + 1, end));
    at = end;
  }
  return text;
}
