/**
 * The places that an address has in an hour, as a sheet that all nodes write in turn. A place is lent
 * to a node, as many as it likes, or, where every one counts, held by a copy: then a note that the copy
 * may have gone is on the sheet before the last byte of it is sent. Who died before that note has not
 * sent, and its place is given to the copy when it comes back, or to another.
 *
 * Proof that no more go than `limit` allows, whoever dies, stalls or comes back when. The sheet is
 * changed by compare-and-set, so its changes stand in one order, and each sees the sheet before it.
 * Let T = gone + |held| + Σ lent (`taken`). (1) T grows only in `take` and `lend`, and there not
 * beyond the limit; `go` moves one from `held` to `gone`; `free`, `cameBack` and `giveBack` make it
 * smaller. So T is never more than the highest limit of the hour. (2) A copy that is held goes only
 * after a `go` with its own token, which no other taking has, and which `go` removes: one place for
 * each that goes, even where two nodes have the same copy in hand, for the second taking puts its
 * token in place of the first, which then may not go. (3) What is lent is lowered only by the node
 * that has it, and only by what it did not use and never will; it says how many are left, so that
 * saying it twice does no harm. A change whose answer was lost may have happened: nothing is sent
 * for it.
 *
 * Proof that none is lost to a crash but within the write of a note. A node that dies had places that
 * are held, each in the name of a copy whose job comes back, and `cameBack` frees them. It had notes
 * on their way: of these copies nobody can know whether they went (the two generals' problem), so
 * their places stay gone. What was lent to it stays lent.
 */

export interface Sheet {
  /** Copies that went, or may have. */
  readonly gone: number;
  /** By copy: the token of its taking. */
  readonly held: Readonly<Record<string, string>>;
  /** By node: what it used or has at hand. */
  readonly lent: Readonly<Record<string, number>>;
}

export const BLANK: Sheet = { gone: 0, held: {}, lent: {} };

/** A copy that holds a place. */
export interface Place {
  readonly copy: string;
  /** Of this taking, and of no other. */
  readonly token: string;
}

/** How many places are not to be had any more. */
export function taken({ gone, held, lent }: Sheet): number {
  const units = Object.values(lent).reduce((a, b) => a + b, 0);
  return gone + Object.keys(held).length + units;
}

/** The sheet with a place for the copy, the one it has if it has one; null where all are taken. */
export function take(sheet: Sheet, { copy, token }: Place, limit: number): Sheet | null {
  if (!Object.hasOwn(sheet.held, copy) && taken(sheet) >= limit) return null;
  return { ...sheet, held: { ...sheet.held, [copy]: token } };
}

/** The note that the copy may have gone; null: the place is no longer its own, and it must not go. */
export function go(sheet: Sheet, place: Place): Sheet | null {
  const rest = free(sheet, place);
  return rest === null ? null : { ...rest, gone: sheet.gone + 1 };
}

/** The copy does not go by this taking. Null: the place is no longer its own. */
export function free(sheet: Sheet, { copy, token }: Place): Sheet | null {
  return sheet.held[copy] === token ? cameBack(sheet, copy) : null;
}

/** The copy is in the queue again: whoever had it before does not go on. Null: it holds no place. */
export function cameBack(sheet: Sheet, copy: string): Sheet | null {
  if (!Object.hasOwn(sheet.held, copy)) return null;
  const { [copy]: _, ...held } = sheet.held;
  return { ...sheet, held };
}

/** Lends the node `amount` more places, or as many as there are. Null: there are none. */
export function lend(
  sheet: Sheet,
  { node, amount }: { node: string; amount: number },
  limit: number,
): Sheet | null {
  const more = Math.min(amount, limit - taken(sheet));
  return more > 0 ? withLent(sheet, node, lentTo(sheet, node) + more) : null;
}

/** Leaves the node no more than `left` places. Null: it has no more. */
export function giveBack(
  sheet: Sheet,
  { node, left }: { node: string; left: number },
): Sheet | null {
  return lentTo(sheet, node) > left ? withLent(sheet, node, left) : null;
}

/** How many were lent to the node and not given back. */
export function lentTo({ lent }: Sheet, node: string): number {
  return lent[node] ?? 0;
}

function withLent(sheet: Sheet, node: string, units: number): Sheet {
  return { ...sheet, lent: { ...sheet.lent, [node]: units } };
}
