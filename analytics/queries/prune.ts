/**
 * Leaves out of `deliveries()` and `hits()` what a query does not ask for: the engine would plan for
 * all their columns, which takes longer than many a question itself.
 */
import {
  AliasNode,
  FromNode,
  IdentifierNode,
  type KyselyPlugin,
  type OperationNode,
  ReferenceNode,
  type SelectionNode,
  SelectQueryNode,
} from "kysely";

/** Names by which queries take them in. */
const PRUNED: ReadonlySet<string> = new Set(["d", "h"]);

export const pruning: KyselyPlugin = {
  transformQuery: ({ node }) => pruned(node),
  transformResult: ({ result }) => Promise.resolve(result),
};

function pruned<N>(node: N): N {
  if (Array.isArray(node)) return node.map(pruned) as N;
  if (typeof node !== "object" || node === null || !("kind" in node)) return node;
  const inner = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, pruned(value)]),
  ) as N & OperationNode;
  if (!SelectQueryNode.is(inner) || inner.from === undefined) return inner;
  const { from, ...rest } = inner;
  const words = new Set<string>();
  collect(rest, words);
  const froms = from.froms.map((source) => narrowed(source, words));
  return { ...inner, from: FromNode.create(froms) };
}

function narrowed(source: OperationNode, words: ReadonlySet<string>): OperationNode {
  if (!AliasNode.is(source) || !SelectQueryNode.is(source.node)) return source;
  const { alias, node } = source;
  if (!IdentifierNode.is(alias) || !PRUNED.has(alias.name)) return source;
  const all = node.selections ?? [];
  const asked = askedFor(all, words);
  const selections = asked.length > 0 ? asked : all.slice(0, 1);
  return AliasNode.create({ ...node, selections } as SelectQueryNode, alias);
}

/** Those that are named, and those that these are worked out from. */
function askedFor(
  all: readonly SelectionNode[],
  words: ReadonlySet<string>,
): readonly SelectionNode[] {
  const asked = all.filter((selection) => words.has(nameOf(selection)));
  const within = new Set(words);
  collect(asked, within);
  const more = all.filter((selection) => within.has(nameOf(selection)));
  return more.length > asked.length ? askedFor(all, within) : asked;
}

function nameOf({ selection }: SelectionNode): string {
  if (AliasNode.is(selection) && IdentifierNode.is(selection.alias)) return selection.alias.name;
  if (ReferenceNode.is(selection) && "column" in selection.column) {
    const { column } = selection.column;
    if (IdentifierNode.is(column)) return column.name;
  }
  throw new TypeError("a column of deliveries() or hits() has no name");
}

/** A word of SQL; not of what a column of the table itself is called. */
const WORD = /(?<!\b(?:deliveries|hits)\.)\b\w+/g;

/** Every name, and every word of SQL written out: more than is asked for, never less. */
function collect(part: unknown, words: Set<string>): void {
  if (typeof part === "string") {
    for (const [word] of part.matchAll(WORD)) words.add(word);
  } else if (typeof part === "object" && part !== null) {
    for (const value of Object.values(part)) collect(value, words);
  }
}
