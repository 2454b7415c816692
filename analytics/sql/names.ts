/** Texts, and names in quotes: a text is passed over, so that it may hold any word. */
const TOKEN = /'(?:[^'\\]|\\[^]|'')*'|`(?:[^`\\]|\\[^]|``)*`|"(?:[^"\\]|\\[^]|"")*"|\w+/g;

export interface NameIn {
  name: string;
  /** What the name stands before, as in `name.inner`; empty: no dot follows. */
  inner: string;
}

/** All names and words of a statement as the engine's formatter writes it. Pure. */
export function namesIn(statement: string): NameIn[] {
  const tokens = [...statement.matchAll(TOKEN)];
  return tokens.flatMap(({ 0: token, index }, i) => {
    if (token.startsWith("'")) return [];
    const next = tokens[i + 1];
    const isDotted = next?.index === index + token.length + 1 && statement[next.index - 1] === ".";
    return [{ name: bare(token), inner: isDotted ? bare(next[0]) : "" }];
  });
}

const bare = (token: string) => /^[`"]/.test(token) ? token.slice(1, -1) : token;
