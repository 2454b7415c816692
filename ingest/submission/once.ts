/**
 * One message for requests that are repeated under one key, on whatever node, whatever crashes in
 * between. The message's id is noted before anything is accepted; whoever comes later with the same
 * key finds the note, and looks in the log for what became of it.
 */
import type { Memos } from "@chappe/src/log";
import { timeOfId } from "@chappe/src/events";
import * as z from "zod";
import type { FindAccepted } from "../accepted.ts";
import { Refusal } from "../smtp/refusal.ts";
import type { Accepted } from "./accept.ts";

/** What tells a repeated request. */
export interface Repeat {
  /** The client's key, one of its account's. */
  readonly key: string;
  /** Of all that was asked. */
  readonly fingerprint: string;
}

/** The key was used for something else. */
export class KeyReusedError extends Error {
  override name = "KeyReusedError";
}
/** The request was made before and is being worked on, or was a moment ago when its node died. */
export class UnderWayError extends Error {
  override name = "UnderWayError";
  /** @param retryAt when to ask again, ms UTC */
  constructor(readonly retryAt: number) {
    super("the same request is under way");
  }
}

const Note = z.strictObject({
  message: z.string(),
  fingerprint: z.string(),
  /**
   * `begun`: somebody is at it, is done, or has died; `failed`: given up without knowing whether the
   * log took it; `refused`: nothing was taken, the key is free.
   */
  state: z.enum(["begun", "failed", "refused"]),
});
type Note = z.infer<typeof Note>;

/** An attempt is over by then, ms: noting and accepting have shorter time limits; clocks differ. */
const ATTEMPT_MS = 20_000;
/**
 * For how long an id may be used again. Jobs of the same id are one within two minutes, and the time
 * in an id is where others look for the message. A message that is not in the log by then will not
 * be, and nobody knows its id.
 */
const SAME_ID_MS = 90_000;
/** When to ask again where another node was a moment faster. */
const MOMENT_MS = 1_000;

export interface Once {
  /**
   * Gives what `accept` made of the message's id, now or at an earlier request with the same key.
   * @throws {KeyReusedError} @throws {UnderWayError} @throws {LogUnavailableError} and what `accept`
   * throws: after a `Refusal` the key is free again.
   */
  accept(
    account: string,
    repeat: Repeat,
    accept: (id: string) => Promise<Accepted>,
  ): Promise<Accepted>;
}

export function createOnce({ memos, find, now, newId }: {
  memos: Memos;
  find: FindAccepted;
  now: () => number;
  newId: () => string;
}): Once {
  /** What this node is at, by key. */
  const underWay = new Map<string, { fingerprint: string; work: Promise<Accepted> }>();

  /** Becomes the one who works on it, under an id; or finds it done. */
  async function claim(
    key: string,
    account: string,
    fingerprint: string,
  ): Promise<{ message: string } | Accepted> {
    const fresh: Note = { message: newId(), fingerprint, state: "begun" };
    const memo = await memos.putIfAbsent(key, fresh);
    if (memo === null) return fresh;
    const noted = Note.parse(memo.value);
    let { message } = fresh;
    if (noted.state !== "refused") {
      if (noted.fingerprint !== fingerprint) throw new KeyReusedError();
      const found = await find(account, noted.message);
      if (found !== null) return { id: noted.message, recipients: found.data.recipients };
      const over = memo.at + ATTEMPT_MS;
      if (noted.state === "begun" && now() < over) throw new UnderWayError(over);
      if (now() - timeOfId(noted.message) < SAME_ID_MS) message = noted.message;
    }
    if (await memos.replace(key, { ...fresh, message } satisfies Note, memo.revision)) {
      return { message };
    }
    throw new UnderWayError(now() + MOMENT_MS);
  }

  /** Lets the next request try at once. Where it cannot be noted, that one waits. */
  async function giveUp(key: string, note: Note): Promise<void> {
    try {
      const memo = await memos.putIfAbsent(key, note);
      if (memo !== null && Note.parse(memo.value).message === note.message) {
        await memos.replace(key, note, memo.revision);
      }
    } catch {
      // The log is away: the error that led here says so.
    }
  }

  async function work(
    key: string,
    account: string,
    fingerprint: string,
    accept: (id: string) => Promise<Accepted>,
  ): Promise<Accepted> {
    const claimed = await claim(key, account, fingerprint);
    if ("recipients" in claimed) return claimed;
    const { message } = claimed;
    try {
      return await accept(message);
    } catch (error) {
      const state = error instanceof Refusal ? "refused" : "failed";
      await giveUp(key, { message, fingerprint, state });
      throw error;
    }
  }

  return {
    accept(account, { key: given, fingerprint }, accept) {
      const key = JSON.stringify(["message", account, given]);
      const same = underWay.get(key);
      if (same !== undefined) {
        return same.fingerprint === fingerprint ? same.work : Promise.reject(new KeyReusedError());
      }
      const begun = work(key, account, fingerprint, accept).finally(() => underWay.delete(key));
      underWay.set(key, { fingerprint, work: begun });
      return begun;
    },
  };
}
