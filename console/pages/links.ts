/** Links from a page to itself, with other parameters. */

/** Null removes a parameter; a list repeats it. */
export type Change = Readonly<Record<string, string | readonly string[] | null>>;

export function linkTo(path: string, parameters: URLSearchParams, change: Change = {}): string {
  const changed = new URLSearchParams(parameters);
  for (const [name, value] of Object.entries(change)) {
    changed.delete(name);
    for (const each of value === null ? [] : [value].flat()) changed.append(name, each);
  }
  const text = changed.toString();
  return text === "" ? path : `${path}?${text}`;
}
