/** Header fields of a hit (RFC 9110 §5): found by their names' lengths, not read one by one. */
import { HINTS, type RequestHeaders } from "../../hit.ts";

/** With one of these a request has a body, or wants something else than an answer. */
const UNUSUAL = ["content-length", "transfer-encoding", "expect", "upgrade"];
const HEARD = ["host", "connection", "x-forwarded-for", "user-agent", ...HINTS];

/** A name, in lower case, and the other ways in which it is spelled mostly. */
interface Known {
  name: string;
  spellings: readonly string[];
  isUnusual: boolean;
}

/** By the length of the name. */
const KNOWN: Known[][] = [];
for (const name of [...HEARD, ...UNUSUAL]) {
  const capitals = name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
  const initials = capitals.replace(/\b(Ch|Ua)\b/g, (word) => word.toUpperCase());
  const spellings = [...new Set([name, capitals, initials])];
  (KNOWN[name.length] ??= []).push({ name, spellings, isUnusual: UNUSUAL.includes(name) });
}

/** Those that say something to us. */
export class Fields implements RequestHeaders {
  private readonly names: string[] = [];
  private readonly values: string[] = [];

  /** The value without the spaces around it. @param name in lower case */
  get(name: string): string | undefined {
    const at = this.names.indexOf(name);
    return at < 0 ? undefined : this.values[at];
  }

  forEach(callback: (value: string, name: string) => void): void {
    const { names, values } = this;
    for (let i = 0; i < names.length; i++) callback(values[i]!, names[i]!);
  }

  /** False when it stands there already. */
  add(name: string, value: string): boolean {
    if (this.names.includes(name)) return false;
    this.names.push(name);
    this.values.push(value);
    return true;
  }
}

/**
 * Null when a name that says something stands there twice, or one that is not usual.
 * @param text in which lines of a name, a colon and a value stand from `start` to `end`, each closed by CR LF
 */
export function readFields(text: string, start: number, end: number): Fields | null {
  const fields = new Fields();
  for (let at = start; at < end;) {
    const colon = text.indexOf(":", at);
    const close = text.indexOf("\r\n", colon);
    const known = KNOWN[colon - at];
    const field = known === undefined ? undefined : find(known, text, at, colon);
    if (field !== undefined) {
      if (field.isUnusual || !fields.add(field.name, text.slice(colon + 1, close).trim())) {
        return null;
      }
    }
    at = close + 2;
  }
  return fields;
}

function find(known: readonly Known[], text: string, at: number, colon: number): Known | undefined {
  for (const each of known) {
    for (const spelling of each.spellings) if (text.startsWith(spelling, at)) return each;
  }
  const lower = text.slice(at, colon).toLowerCase();
  return known.find(({ name }) => name === lower);
}
