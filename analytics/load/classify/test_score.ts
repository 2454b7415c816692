/** Precision and recall of labelled rows. */

export interface Score {
  rows: number;
  /** Of the answers given, how many are right; 1 where none was given. */
  precision: number;
  /** Of the answers asked for, how many were given right; 1 where none was. */
  recall: number;
}

/** What a row should say, and what it does say; "" says nothing. */
export interface Answer {
  expected: string;
  got: string;
}

/** Over all answers, whatever they say. */
export function score(answers: readonly Answer[]): Score {
  const right = answers.filter(({ expected, got }) => got !== "" && got === expected).length;
  const given = answers.filter(({ got }) => got !== "").length;
  const asked = answers.filter(({ expected }) => expected !== "").length;
  return {
    rows: answers.length,
    precision: given === 0 ? 1 : right / given,
    recall: asked === 0 ? 1 : right / asked,
  };
}

/** For one thing that answers say: the rest counts as nothing. */
export function scoreOf(name: string, answers: readonly Answer[]): Score {
  const only = (text: string) => text === name ? text : "";
  const all = score(
    answers.map(({ expected, got }) => ({ expected: only(expected), got: only(got) })),
  );
  return { ...all, rows: answers.filter(({ expected }) => expected === name).length };
}

/** Rows that no table was tuned on: half of them, by a hash (FNV-1a) of their text. */
export function isHeldOut(text: string): boolean {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return (hash >>> 16) % 2 === 1;
}
