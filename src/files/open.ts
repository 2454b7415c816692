/** Finds a file in the log and gives its bytes as they were attached, piece by piece. */
import type { LinkedFile, MessageAccepted } from "../events/mod.ts";
import { BodyGoneError, type BodyStore, type EventLog, LogUnavailableError } from "../log/mod.ts";
import { decodeFile } from "../mail/mod.ts";
import { streamOf } from "./stream.ts";

/** What a link to a file says. */
export interface FilePlace {
  account: string;
  message: string;
  /** Place among the message's files. */
  file: number;
  /** Where `message.accepted` stands. */
  told: { seq: number; index: number };
}

export interface OpenFile {
  /** Media type: a stranger's word. */
  type: string;
  /** Bytes that will come. */
  size: number;
  /** To be read to the end, or cancelled. */
  bytes: ReadableStream<Uint8Array<ArrayBuffer>>;
}

export interface Files {
  /** `gone`: no longer kept. `later`: the log is away, or too many are being read. */
  open(place: FilePlace): Promise<OpenFile | "gone" | "later">;
  /** Files that are being read. */
  reading(): number;
}

export interface FilesOptions {
  events: Pick<EventLog, "at">;
  bodies: Pick<BodyStore, "read">;
  /** Files read at a time, at the most: each holds a piece of about 1 MB. */
  most?: number;
  /** How long nobody may read on before a file is given up, ms. */
  idleMs?: number;
}

const MOST = 128;
const IDLE_MS = 60_000;

export function createFiles(options: FilesOptions): Files {
  const { events, bodies, most = MOST, idleMs = IDLE_MS } = options;
  let reading = 0;

  async function find({ account, message, file, told }: FilePlace) {
    const found = (await events.at(told.seq))?.events[told.index];
    if (found?.type !== "message.accepted") return null;
    if (found.account !== account || found.message !== message) return null;
    const linked = found.data.files?.[file];
    return linked === undefined ? null : { linked, body: found.data.body };
  }

  async function begin(
    { linked, body }: { linked: LinkedFile; body: MessageAccepted["body"] },
  ): Promise<OpenFile> {
    const { type, size, start, end, encoding } = linked;
    const pieces = decodeFile(bodies.read(body, start, end), encoding);
    // Asked for before anything is answered: it tells whether the file is still there.
    const first = await pieces.next();
    const bytes = streamOf(first, pieces, { idleMs, done: () => reading-- });
    return { type, size, bytes };
  }

  return {
    reading: () => reading,
    async open(place) {
      if (reading >= most) return "later";
      reading++;
      try {
        const found = await find(place);
        if (found !== null) return await begin(found);
      } catch (error) {
        reading--;
        if (error instanceof BodyGoneError) return "gone";
        if (error instanceof LogUnavailableError) return "later";
        throw error;
      }
      reading--;
      return "gone";
    },
  };
}
