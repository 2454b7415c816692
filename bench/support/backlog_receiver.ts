/** A receiving server that takes all mail but that for one domain, and notes how long it was on its way. */

export interface BacklogReceiver extends Disposable {
  readonly port: number;
  /** Answers of "not now" so far. */
  refused(): number;
  /** Time from the queue to here of what arrived since the last call, ms, by domain. */
  takeWaits(): { domain: string; ms: number }[];
}

/** @param refusing domain. When a copy went into the queue is told by its recipient, `r<ms>@domain`. */
export function startReceiver(refusing: string): BacklogReceiver {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let refused = 0;
  let waits: { domain: string; ms: number }[] = [];

  function answer(line: string): string {
    const command = line.slice(0, 4).toUpperCase();
    if (command === "EHLO") return "250-backlog.test\r\n250 PIPELINING\r\n";
    if (command === "DATA") return "354 go on\r\n";
    if (command === "QUIT") return "221 bye\r\n";
    if (command === "RCPT" && line.includes(`@${refusing}>`)) {
      refused++;
      return "451 4.7.0 too much of you\r\n";
    }
    return "250 2.0.0 ok\r\n";
  }

  async function serve(conn: Deno.Conn): Promise<void> {
    const text = conn.readable.pipeThrough(new TextDecoderStream());
    const out = conn.writable.getWriter();
    const say = (words: string) => out.write(new TextEncoder().encode(words));
    await say("220 backlog.test ESMTP\r\n");
    let rest = "";
    let recipient: string | null = null;
    let content = false;
    for await (const piece of text) {
      const lines = (rest + piece).split("\r\n");
      rest = lines.pop()!;
      let words = "";
      for (const line of lines) {
        if (content) {
          if (line !== ".") continue;
          content = false;
          const [sent, domain] = recipient!.split("@") as [string, string];
          waits.push({ domain, ms: Date.now() - Number(sent.slice(1)) });
          words += "250 2.0.0 taken\r\n";
          continue;
        }
        const said = line.startsWith("DATA") && recipient === null ? "554 none\r\n" : answer(line);
        if (line.startsWith("MAIL")) recipient = null;
        if (line.startsWith("RCPT") && said.startsWith("250")) recipient = /<(.*)>/.exec(line)![1]!;
        content = said.startsWith("354");
        words += said;
      }
      if (words !== "") await say(words);
    }
  }

  (async () => {
    for await (const conn of listener) void serve(conn).catch(() => {});
  })().catch(() => {});
  return {
    port: listener.addr.port,
    refused: () => refused,
    takeWaits: () => {
      const taken = waits;
      waits = [];
      return taken;
    },
    [Symbol.dispose]: () => listener.close(),
  };
}
