/** For tests: a raw server on loopback that says what it is told to, well-behaved or not. */

export interface Conversation {
  /** The next line from the client without its end; null when it has gone. */
  line(): Promise<string | null>;
  /** Waits for bytes of any kind and throws them away. */
  bytes(): Promise<void>;
  /**
   * Lines up to the final dot, joined with CRLF, as sent (still dot-stuffed); null when the client
   * has gone before it.
   */
  content(): Promise<string | null>;
  say(...lines: string[]): Promise<void>;
  /** Which connection this is, from 1. */
  readonly number: number;
  readonly from: string;
}

export interface TestPeer extends AsyncDisposable {
  readonly port: number;
  /** Every line clients sent, in order of arrival. */
  readonly lines: string[];
  /** Connections so far. */
  connections(): number;
}

export function startPeer(
  talk: (peer: Conversation) => Promise<void>,
  { hostname = "127.0.0.1", port = 0 } = {},
): TestPeer {
  const listener = Deno.listen({ hostname, port });
  const open = new Set<Deno.Conn>();
  const lines: string[] = [];
  let connections = 0;
  const talks: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const conn of listener) {
      open.add(conn);
      conn.setNoDelay();
      const number = ++connections;
      talks.push(
        talk(converse(conn, number, lines)).catch(() => {}).finally(() => {
          open.delete(conn);
          close(conn);
        }),
      );
    }
  })();
  return {
    port: listener.addr.port,
    lines,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const conn of open) close(conn);
      await accepting.catch(() => {});
      await Promise.all(talks);
    },
  };
}

function close(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // Closed already.
  }
}

function converse(conn: Deno.Conn, number: number, log: string[]): Conversation {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(64 * 1024);
  let rest = "";
  const peer: Conversation = {
    number,
    from: (conn.remoteAddr as Deno.NetAddr).hostname,
    async line() {
      for (;;) {
        const end = rest.indexOf("\r\n");
        if (end >= 0) {
          const line = rest.slice(0, end);
          rest = rest.slice(end + 2);
          log.push(line);
          return line;
        }
        const size = await conn.read(chunk).catch(() => null);
        if (size === null) return null;
        rest += decoder.decode(chunk.subarray(0, size), { stream: true });
      }
    },
    async bytes() {
      await conn.read(chunk);
    },
    async content() {
      const content: string[] = [];
      for (let line; (line = await peer.line()) !== ".";) {
        if (line === null) return null;
        content.push(line);
      }
      return content.join("\r\n");
    },
    async say(...lines) {
      const bytes = new TextEncoder().encode(lines.map((l) => `${l}\r\n`).join(""));
      for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
    },
  };
  return peer;
}

/** In place of an answer: the connection is dropped. */
export const DROP = "drop";

/** A plain server: takes everything, except what `answer` answers otherwise. */
export async function plainServer(
  peer: Conversation,
  { extensions = [], answer = () => undefined, onMail }: {
    extensions?: string[];
    /** To a command line; to `.` for the end of the message. */
    answer?: (line: string) => string | undefined;
    onMail?: (content: string) => void;
  } = {},
): Promise<void> {
  await peer.say("220 test ESMTP");
  for (let line; (line = await peer.line()) !== null;) {
    const verb = line.slice(0, 4).toUpperCase();
    const reply = answer(line) ?? usual(verb, extensions);
    if (reply === DROP) return;
    await peer.say(reply);
    if (verb === "QUIT") return;
    if (!reply.startsWith("354")) continue;
    const content = await peer.content();
    if (content === null) return;
    onMail?.(content);
    const last = answer(".") ?? "250 2.0.0 taken";
    if (last === DROP) return;
    await peer.say(last);
  }
}

function usual(verb: string, extensions: readonly string[]): string {
  switch (verb) {
    case "EHLO": {
      const all = ["test", ...extensions];
      return all.map((e, i) => `250${i === all.length - 1 ? " " : "-"}${e}`).join("\r\n");
    }
    case "DATA":
      return "354 go";
    case "QUIT":
      return "221 2.0.0 bye";
    default:
      return "250 2.0.0 ok";
  }
}
