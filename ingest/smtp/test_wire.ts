/** For tests: an SMTP client that sends exactly the bytes it is told, when it is told. */
import assert from "node:assert/strict";

export class Wire {
  #connection: Deno.Conn;
  #unread = "";
  #decoder = new TextDecoder();

  private constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  static async connect(port: number): Promise<Wire> {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    connection.setNoDelay(true);
    return new Wire(connection);
  }

  /** TLS from the first byte. */
  static async connectTls(port: number, cert: string): Promise<Wire> {
    return new Wire(await Deno.connectTls({ hostname: "localhost", port, caCerts: [cert] }));
  }

  async write(data: string | Uint8Array): Promise<void> {
    let bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    while (bytes.length > 0) bytes = bytes.subarray(await this.#connection.write(bytes));
  }

  /** The next reply, all its lines; `null` when the server closed. */
  async reply(): Promise<string | null> {
    while (true) {
      const complete = /^(?:\d{3}-.*\r\n)*\d{3}(?: .*)?\r\n/.exec(this.#unread);
      if (complete !== null) {
        this.#unread = this.#unread.slice(complete[0].length);
        return complete[0].trimEnd();
      }
      const buffer = new Uint8Array(4096);
      const length = await this.#connection.read(buffer).catch(() => null);
      if (length === null) return null;
      this.#unread += this.#decoder.decode(buffer.subarray(0, length), { stream: true });
    }
  }

  /** The next reply, which must begin with `start`. */
  async expect(start: number | string): Promise<string> {
    const reply = await this.reply();
    assert.ok(reply !== null && reply.startsWith(String(start)), `expected ${start}, got ${reply}`);
    return reply;
  }

  /** Says a line, and gives the reply, which must begin with `start`. */
  async ask(line: string, start: number | string): Promise<string> {
    await this.write(`${line}\r\n`);
    return await this.expect(start);
  }

  /** A whole message after MAIL and RCPT; `data` without the end of data. */
  async send(
    data: string | Uint8Array,
    { from = "news@example.com", to = ["someone@example.net"], expect = "250 2.0.0 queued as " } =
      {},
  ): Promise<string> {
    await this.ask(`MAIL FROM:<${from}>`, 250);
    for (const recipient of to) await this.ask(`RCPT TO:<${recipient}>`, 250);
    await this.ask("DATA", 354);
    await this.write(data);
    await this.write("\r\n.\r\n");
    return await this.expect(expect);
  }

  async startTls(cert: string, command = "STARTTLS"): Promise<Wire> {
    await this.ask(command, 220);
    const connection = await Deno.startTls(this.#connection as Deno.TcpConn, {
      hostname: "localhost",
      caCerts: [cert],
    });
    return new Wire(connection);
  }

  close(): void {
    this.#connection.close();
  }

  [Symbol.dispose](): void {
    try {
      this.#connection.close();
    } catch {
      // closed before, by the test itself
    }
  }
}
