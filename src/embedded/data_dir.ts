/** The data directory of a platform on one machine: made when missing, owned by one process at a time. */
import { join, resolve } from "node:path";

export interface DataDir {
  /** Absolute. */
  readonly path: string;
  /** Path of something inside it. */
  file(...parts: string[]): string;
  /** The secret kept in a file of this name, made by `make` at first; readable by the owner only. */
  secret(name: string, make: () => Uint8Array): Promise<Uint8Array>;
  /** Lets go of it. The system does the same when the process dies, however it dies. */
  close(): void;
}

/** Cannot be used; the message says why and what to do. */
export class DataDirError extends Error {
  override name = "DataDirError";
  /** Whether another process has it. */
  readonly isInUse: boolean;
  constructor(message: string, { isInUse = false }: { isInUse?: boolean } = {}) {
    super(message);
    this.isInUse = isInUse;
  }
}

/** @throws {DataDirError} when it is not writable, or in use. */
export async function openDataDir(path: string): Promise<DataDir> {
  const root = resolve(path);
  const file = (...parts: string[]) => join(root, ...parts);
  let lock: Deno.FsFile;
  try {
    await Deno.mkdir(root, { recursive: true, mode: 0o700 });
    lock = await Deno.open(file("lock"), { read: true, write: true, create: true, mode: 0o600 });
  } catch (error) {
    throw new DataDirError(
      `the data directory ${root} cannot be written to (${(error as Error).message}): ` +
        "give its owner, or set CHAPPE_DATA to another one",
    );
  }
  if (!await lock.tryLock(true)) {
    const owner = await Deno.readTextFile(file("lock"));
    lock.close();
    throw new DataDirError(
      `the data directory ${root} is in use by process ${owner.trim()}: ` +
        "stop that one first, or set CHAPPE_DATA to another directory",
      { isInUse: true },
    );
  }
  await lock.truncate();
  await lock.write(new TextEncoder().encode(`${Deno.pid}\n`));

  return {
    path: root,
    file,
    async secret(name, make) {
      try {
        return await Deno.readFile(file(name));
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
      const bytes = make();
      await Deno.writeFile(file(`${name}.new`), bytes, { mode: 0o600 });
      await Deno.rename(file(`${name}.new`), file(name));
      return bytes;
    },
    close: () => lock.close(),
  };
}
