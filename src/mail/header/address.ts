/** Address lists in header fields (RFC 5322 §3.4, with its obsolete forms). */
import { decodeText, toText } from "../bytes.ts";
import { decodeWords } from "./words.ts";

export interface AddressList {
  /** addr-specs in order, without display names, comments, routes and group names. */
  addresses: string[];
  /** Display name of each, readable; empty where it has none. */
  names: string[];
  /** False when part of the list could not be read as an address. */
  clean: boolean;
  /** Whether addresses stand in a group, `name: …;` (RFC 5322 §3.4). */
  grouped: boolean;
}

interface Token {
  kind: "atom" | "quoted" | "literal" | "special" | "broken";
  text: string;
  /** Whether something stands between it and the one before. */
  apart: boolean;
}

const ATOM = /[^\s()<>[\]:;@\\,."]+/y;
const QUOTED = /"((?:[^"\\]|\\[^])*)"/y;
const LITERAL = /\[[^[\]]*\]/y;
const DOT_ATOM = /^[^\s()<>[\]:;@\\,."]+(?:\.[^\s()<>[\]:;@\\,."]+)*$/;

/** Reads an unfolded field body, given as byte text. */
export function parseAddresses(value: string): AddressList {
  const tokens = tokenise(decodeText(value));
  const list: AddressList = { addresses: [], names: [], clean: true, grouped: false };
  const add = (address: string | null, name = "") => {
    if (address === null) list.clean = false;
    else {
      list.addresses.push(address);
      list.names.push(name);
    }
  };

  let words: Token[] = [];
  let angle = false;
  const finish = () => {
    if (!angle && words.length > 0) add(addrSpec(words));
    // Words behind an angle address belong to nothing.
    if (angle && words.length > 0) list.clean = false;
    words = [];
    angle = false;
  };

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.kind !== "special") {
      if (token.kind === "broken") list.clean = false;
      words.push(token);
    } else if (token.text === "<") {
      let end = i + 1;
      while (end < tokens.length && !isSpecial(tokens[end], ">")) end++;
      if (end === tokens.length || angle) return { ...list, clean: false };
      add(addrSpec(withoutRoute(tokens.slice(i + 1, end))), phrase(words));
      words = [];
      angle = true;
      i = end;
    } else if (token.text === "," || token.text === ";") finish();
    else if (token.text === ":" && !angle) {
      list.grouped = true;
      words = []; // what stood before is the group's name
    } else words.push(token);
  }
  finish();
  return list;
}

const encoder = new TextEncoder();

/** What stands before an angle address. */
function phrase(tokens: readonly Token[]): string {
  const text = tokens.map(({ text, apart }) => apart ? ` ${text}` : text).join("");
  return decodeWords(toText(encoder.encode(text))).trim();
}

function isSpecial(token: Token | undefined, text: string): boolean {
  return token !== undefined && token.kind === "special" && token.text === text;
}

/** Obsolete source route: `<@a,@b:user@c>` (RFC 5322 §4.4). */
function withoutRoute(tokens: Token[]): Token[] {
  if (!isSpecial(tokens[0], "@")) return tokens;
  return tokens.slice(tokens.findIndex((t) => isSpecial(t, ":")) + 1);
}

function addrSpec(tokens: Token[]): string | null {
  const at = tokens.findLastIndex((t) => isSpecial(t, "@"));
  const local = dotted(tokens.slice(0, at), "quoted");
  const domain = dotted(tokens.slice(at + 1), "literal");
  if (at < 1 || local === null || domain === null) return null;
  return `${DOT_ATOM.test(local) ? local : quote(local)}@${domain}`;
}

/** `word.word.word`, where a word is an atom or of the other kind allowed. */
function dotted(tokens: Token[], other: "quoted" | "literal"): string | null {
  if (tokens.length % 2 === 0) return null;
  const fits = tokens.every((token, i) =>
    i % 2 === 1 ? isSpecial(token, ".") : token.kind === "atom" || token.kind === other
  );
  return fits ? tokens.map((t) => t.text).join("") : null;
}

function quote(local: string): string {
  return `"${local.replace(/["\\]/g, "\\$&")}"`;
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let end = 0;
  const add = (kind: Token["kind"], text: string) => tokens.push({ kind, text, apart: at > end });
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  while (at < text.length) {
    const char = text[at]!;
    if (/\s/.test(char)) at++;
    else if (char === "(") at = commentEnd(text, at);
    else {
      const atom = match(ATOM);
      const quoted = atom === null ? match(QUOTED) : null;
      const literal = quoted === null && atom === null ? match(LITERAL) : null;
      if (atom !== null) add("atom", atom[0]);
      else if (quoted !== null) add("quoted", quoted[1]!.replace(/\\([^])/g, "$1"));
      else if (literal !== null) add("literal", literal[0]);
      else if (char === '"') {
        add("broken", text.slice(at));
        break;
      } else add("[]\\)".includes(char) ? "broken" : "special", char);
      at += (atom ?? quoted ?? literal)?.[0].length ?? 1;
      end = at;
    }
  }
  return tokens;
}

/** Behind a comment; comments nest (RFC 5322 §3.2.2). An unclosed one reaches to the end. */
function commentEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === "\\") at++;
    else if (char === "(") depth++;
    else if (char === ")" && --depth === 0) return at + 1;
  }
  return text.length;
}
