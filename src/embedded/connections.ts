/** Connections to the embedded engine for one job each: a session of its own, off this thread. */
import { type Embedded, engineArgs, loadEngine } from "./chdb.ts";

export interface Connection {
  /**
   * Runs a statement and gives its whole answer. What it sets stays set for this connection.
   * @throws {Error} whose message begins `Code: <number>.`
   */
  run(sql: string, format?: string): Promise<Uint8Array>;
  close(): void;
}

export interface Connections {
  connect(): Connection;
}

/** How often it is looked whether an answer has come, ms. */
const AWAKE_MS = 250;

/** Somebody else must hold the directory open: a connection opens none by itself. */
export async function openConnections(options: Embedded): Promise<Connections> {
  const { Session } = await loadEngine();
  const connectionArgs = engineArgs(options);
  return {
    connect() {
      const session = new Session(options.path, { connectionArgs });
      return {
        // Without bound parameters: of those that have some, the engine runs one at a time in all.
        async run(sql, format = "TSVRaw") {
          // An answer's arrival does not always wake a runtime that waits for nothing else.
          const awake = setInterval(() => {}, AWAKE_MS);
          try {
            return (await session.queryAsync(sql, { format })).bytes();
          } finally {
            clearInterval(awake);
          }
        },
        close: () => session.close(),
      };
    },
  };
}
