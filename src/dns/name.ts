/** Domain names on the wire (RFC 1035 §3.1, §4.1.4). */
import { DnsFormatError } from "./error.ts";

/**
 * The wire form of a name in A-labels, with or without its final dot.
 * @throws {DnsFormatError} when a label is empty or longer than 63, or the name longer than 255.
 */
export function encodeName(name: string): Uint8Array {
  const labels = name.replace(/\.$/, "").split(".");
  const bytes: number[] = [];
  if (name !== "." && name !== "") {
    for (const label of labels) {
      // deno-lint-ignore no-control-regex -- RFC 1035 labels are any octets; ours are ASCII
      if (!/^[\x00-\x7f]{1,63}$/.test(label)) {
        throw new DnsFormatError(`not a domain name: ${name}`);
      }
      bytes.push(label.length);
      for (let i = 0; i < label.length; i++) bytes.push(label.charCodeAt(i));
    }
  }
  bytes.push(0);
  if (bytes.length > 255) throw new DnsFormatError(`domain name too long: ${name}`);
  return Uint8Array.from(bytes);
}

/**
 * Reads a name at `offset`, following compression pointers; lower case, without the final dot
 * (the root is "").
 * @throws {DnsFormatError} on pointers that do not lead backwards, and on names cut short.
 */
export function decodeName(message: Uint8Array, offset: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = offset;
  let end = -1;
  let length = 0;
  for (;;) {
    const size = message[at];
    if (size === undefined) throw new DnsFormatError("name cut short");
    if (size === 0) break;
    if ((size & 0xc0) === 0xc0) {
      const target = (size & 0x3f) << 8 | (message[at + 1] ?? 0);
      if (target >= at) throw new DnsFormatError("compression pointer leads forwards");
      if (end < 0) end = at + 2;
      at = target;
      continue;
    }
    if (size > 63 || at + 1 + size > message.length) throw new DnsFormatError("name cut short");
    length += size + 1;
    if (length > 255) throw new DnsFormatError("name too long");
    labels.push(String.fromCharCode(...message.subarray(at + 1, at + 1 + size)).toLowerCase());
    at += 1 + size;
  }
  return { name: labels.join("."), end: end < 0 ? at + 1 : end };
}
