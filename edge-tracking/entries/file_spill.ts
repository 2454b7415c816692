/// <reference lib="deno.ns" />
/**
 * Hits on disk, in files of lines of JSON, for as long as the log is away. Each file is locked by the
 * process that writes it: a process that starts takes over the files of those that are no more, so
 * that a kill loses nothing that was kept. Drawing from the front, file by file, frees the disk.
 */
import {
  familyOf,
  type Lines,
  LINES_BYTES,
  type NewEvent,
  uuidv7,
  writeLines,
} from "@chappe/src/events";
import type { Spill } from "../buffer.ts";

export interface FileSpillOptions {
  /** Made when it is not there. */
  folder: string;
  /** What may lie there, of this process. */
  maxBytes: number;
  /** ms UTC. */
  now: () => number;
  /** The disk refused, or a line cannot be read back: such a line is left out. */
  onError: (error: unknown) => void;
}

export interface FileSpill extends Spill<Lines> {
  bytes(): number;
  /** Lets go of the files: who starts next takes them over. */
  close(): void;
}

interface Segment {
  readonly path: string;
  readonly file: Deno.FsFile;
  bytes: number;
}

const SUFFIX = ".jsonl";
/** A file is read back as a whole. */
const SEGMENT_BYTES = 1024 * 1024;

/** @throws when the folder cannot be made or read */
export async function openFileSpill(options: FileSpillOptions): Promise<FileSpill> {
  const { folder, maxBytes, now, onError } = options;
  await Deno.mkdir(folder, { recursive: true });
  const segments = await adopt(folder);
  let total = segments.reduce((sum, { bytes }) => sum + bytes, 0);
  /** The last segment, while it is written to. */
  let open: Segment | undefined;
  /** Of the first segment: what is left of it, and how much of that `peek` gave. */
  let lines: string[] | undefined;
  let given = 0;

  async function write(pieces: readonly Lines[], length: number): Promise<void> {
    if (open === undefined || open.bytes >= SEGMENT_BYTES) {
      segments.push(open = await create(`${folder}/${uuidv7(now())}${SUFFIX}`));
    }
    const { file } = open;
    try {
      for (const { bytes } of pieces) {
        for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      }
      await file.syncData();
    } catch (error) {
      await file.truncate(open.bytes);
      await file.seek(open.bytes, Deno.SeekMode.Start);
      throw error;
    }
    open.bytes += length;
    total += length;
  }

  async function linesOf(segment: Segment): Promise<string[]> {
    if (segment === open) open = undefined;
    try {
      const text = await Deno.readTextFile(segment.path);
      return text.split("\n").filter((line) => line !== "");
    } catch (error) {
      onError(error);
      return [];
    }
  }

  async function removeFirst(): Promise<void> {
    const { path, file, bytes } = segments.shift()!;
    lines = undefined;
    total -= bytes;
    await Deno.remove(path).catch(onError);
    file.close();
  }

  const oneByOne = inTurn();
  return {
    push: (pieces) =>
      oneByOne(async () => {
        const length = pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
        if (total + length > maxBytes) return false;
        try {
          await write(pieces, length);
          return true;
        } catch (error) {
          onError(error);
          return false;
        }
      }),
    peek: (most) =>
      oneByOne(async () => {
        if (segments.length === 0) return [];
        lines ??= await linesOf(segments[0]!);
        given = Math.min(most, lines.length);
        const events = lines.slice(0, given).flatMap((line) => parse(line, onError));
        const families = Map.groupBy(events, ({ type }) => familyOf(type));
        return [...families].flatMap(([family, events]) =>
          writeLines(family, events, now(), LINES_BYTES)
        );
      }),
    drop: () =>
      oneByOne(async () => {
        lines = lines?.slice(given);
        given = 0;
        if (lines?.length === 0) await removeFirst();
      }),
    isEmpty: () => segments.length === 0,
    bytes: () => total,
    close: () => segments.forEach(({ file }) => file.close()),
  };
}

/** The files that no living process holds, oldest first. */
async function adopt(folder: string): Promise<Segment[]> {
  const found: Segment[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(SUFFIX)) continue;
    const segment = await hold(`${folder}/${name}`, { read: true, write: true });
    if (segment?.bytes === 0) await Deno.remove(segment.path).finally(() => segment.file.close());
    else if (segment !== null) found.push(segment);
  }
  return found.sort((a, b) => a.path < b.path ? -1 : 1);
}

async function create(path: string): Promise<Segment> {
  const segment = await hold(path, { read: true, write: true, createNew: true });
  if (segment === null) throw new Error(`${path} was taken over before it was written`);
  return segment;
}

/** Opens and locks; null when another process has it, or has just removed it. */
async function hold(path: string, how: Deno.OpenOptions): Promise<Segment | null> {
  const file = await Deno.open(path, how).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  });
  if (file === null) return null;
  if (await file.tryLock(true) && await isThere(path)) {
    return { path, file, bytes: (await file.stat()).size };
  }
  file.close();
  return null;
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** The log takes it now, whenever it was written. A line that a kill cut short is none. */
function parse(line: string, onError: (error: unknown) => void): NewEvent[] {
  try {
    const { recorded: _, ...event } = JSON.parse(line);
    return [event as NewEvent];
  } catch (error) {
    onError(error);
    return [];
  }
}

/** Runs one piece of work after the other. */
function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}
