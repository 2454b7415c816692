/** Looks things up in the log by when they happened: one reading at a time, however many ask. */

/** Questions that one reading may answer, by how far their times lie apart, ms. */
export const TOGETHER_MS = 60_000;

/** What a question is about happened at about `time`, ms UTC. */
export interface Timed {
  readonly time: number;
}

interface Asked<Question, Answer> {
  readonly question: Question;
  resolve(answer: Answer | null): void;
  reject(error: unknown): void;
}

/**
 * Those who ask about the same minute are answered by the same reading: many questions cost no more
 * than one.
 * @param read reads the log from `since` on; gives what it found for each of the questions
 */
export function createLookBack<Question extends Timed, Answer>(
  read: (
    asked: readonly Question[],
    since: number,
  ) => Promise<(question: Question) => Answer | null>,
): (question: Question) => Promise<Answer | null> {
  let waiting: Asked<Question, Answer>[] = [];
  let working = false;

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    while (waiting.length > 0) {
      const since = waiting.reduce(
        (least, { question }) => Math.min(least, question.time),
        Infinity,
      );
      const last = since + TOGETHER_MS;
      const asked = waiting.filter(({ question }) => question.time <= last);
      waiting = waiting.filter(({ question }) => question.time > last);
      try {
        const found = await read(asked.map(({ question }) => question), since);
        for (const { question, resolve } of asked) resolve(found(question));
      } catch (error) {
        for (const { reject } of asked) reject(error);
      }
    }
    working = false;
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      // What arrives in the same turn is answered by the same reading.
      queueMicrotask(() => void work());
    });
}
