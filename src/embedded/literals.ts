/**
 * Parameters written into the SQL as literals. The embedded engine runs statements with bound
 * parameters one at a time for the whole process, whatever connection they come by.
 */

/** Quoted texts and comments as a whole (analytics/schema/statements.ts), so that nothing in them is taken for a parameter. */
const TOKEN =
  /'(?:[^'\\]|\\[^]|'')*'|"(?:[^"\\]|\\[^]|"")*"|`(?:[^`\\]|\\[^]|``)*`|--[^\n]*|\/\*[^]*?\*\/|\{(\w+):([^{}]+)\}/g;

/** Types whose values are what they are written as; of others the engine is told the type. */
const STRING = "String";

/**
 * `{name:Type}` of each parameter as a literal of that type; values are never looked into for further
 * parameters. What no parameter is given for stays, for the engine to refuse.
 * @throws {TypeError} for a value that has no literal
 */
export function withLiterals(sql: string, params: Readonly<Record<string, unknown>>): string {
  return sql.replaceAll(TOKEN, (token, name?: string, type?: string) => {
    if (name === undefined || type === undefined || !Object.hasOwn(params, name)) return token;
    const value = literal(params[name]);
    return type === STRING ? value : `CAST(${value}, ${literal(type)})`;
  });
}

const ESCAPED = /[\\'\0\b\f\n\r\t]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  "\0": "\\0",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** As SQL writes it; a list as an array. @throws {TypeError} for a value that has no literal */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(",")}]`;
  switch (typeof value) {
    case "string":
      return `'${value.replaceAll(ESCAPED, (character) => ESCAPES[character]!)}'`;
    case "boolean":
      return String(value);
    case "number":
      if (Number.isFinite(value)) return String(value);
  }
  throw new TypeError(`no literal of SQL for this value: ${String(value)}`);
}
