/** The answer to a publish may be lost after the server has stored it: nothing is done twice. */
import assert from "node:assert/strict";
import { event, type NewEvent, uuidv7 } from "../../events/mod.ts";
import { startTestNats } from "../../embedded/mod.ts";
import { SILENT } from "../../runtime/mod.ts";
import { ConflictError, connectStation, type Station } from "../mod.ts";

/** Stands between client and server; can keep the server's words to itself, and cut the line. */
class Line implements Disposable {
  private readonly listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  private readonly sockets = new Set<Deno.Conn>();
  private mute = false;

  constructor(private readonly port: number) {
    this.accept();
  }
  get host(): string {
    return `127.0.0.1:${(this.listener.addr as Deno.NetAddr).port}`;
  }
  muteServer(): void {
    this.mute = true;
  }
  cut(): void {
    this.sockets.forEach(hangUp);
    this.sockets.clear();
    this.mute = false;
  }
  [Symbol.dispose](): void {
    this.listener.close();
    this.cut();
  }

  private async accept(): Promise<void> {
    for await (const client of this.listener) {
      const server = await Deno.connect({ hostname: "127.0.0.1", port: this.port });
      this.sockets.add(client).add(server);
      this.pump(client, server, () => true);
      this.pump(server, client, () => !this.mute);
    }
  }
  private async pump(from: Deno.Conn, to: Deno.Conn, pass: () => boolean): Promise<void> {
    try {
      for await (const chunk of from.readable) {
        if (!pass()) continue;
        for (let sent = 0; sent < chunk.length;) sent += await to.write(chunk.subarray(sent));
      }
    } catch {
      // The line was cut.
    }
    hangUp(to);
  }
}

function hangUp(socket: Deno.Conn): void {
  try {
    socket.close();
  } catch {
    // Closed already, by its own end or by the other's.
  }
}

/** Runs `act` so that its first answer is lost once the server has done `stored`. */
async function losingTheAnswer<T>(
  act: (station: Station) => Promise<T>,
  stored: (direct: Station) => Promise<boolean>,
  check: (result: T, direct: Station) => Promise<void>,
): Promise<void> {
  await using nats = await startTestNats();
  const { host, port } = new URL(nats.url);
  using line = new Line(Number(port));
  const common = { now: Date.now, logger: SILENT, appendTimeoutMs: 30_000 };
  const direct = await connectStation({ url: nats.url, ...common });
  const station = await connectStation({ url: nats.url.replace(host, line.host), ...common });
  line.muteServer();
  const acting = act(station);
  while (!await stored(direct)) await new Promise((resolve) => setTimeout(resolve, 10));
  line.cut();
  await check(await acting, direct);
  await station.close();
  await direct.close();
}

function fact(): NewEvent {
  const now = Date.now();
  return event("suppression.removed", { id: uuidv7(now), account: "a", at: now }, { by: "x" });
}

const appended = async (direct: Station) => await direct.events.lastSeq() > 0;

Deno.test("an append is one commit", () =>
  losingTheAnswer(
    (station) => station.events.append([fact(), fact()]),
    appended,
    async (positions, direct) => {
      assert.deepEqual(positions, [{ seq: 1, index: 0 }, { seq: 1, index: 1 }]);
      assert.equal((await Array.fromAsync(direct.events.read({}))).length, 1);
    },
  ));

Deno.test("an append that expects a sequence does not conflict with itself", () =>
  losingTheAnswer(
    (station) => station.events.appendExpecting([fact()], 0),
    appended,
    async (positions, direct) => {
      assert.deepEqual(positions, [{ seq: 1, index: 0 }]);
      await assert.rejects(direct.events.appendExpecting([fact()], 0), ConflictError);
      assert.equal(await direct.events.lastSeq(), 1);
    },
  ));

Deno.test("jobs are in the queue once, one by one or in a batch", async () => {
  for (const count of [1, 10]) {
    const jobs = Array.from({ length: count }, (_, i) => ({ id: `j${i}`, lane: "a", data: i }));
    await losingTheAnswer(
      (station) => station.queue.enqueue(jobs),
      async (direct) => (await direct.usage()).QUEUE!.messages === count,
      async (_, direct) => assert.equal((await direct.usage()).QUEUE!.messages, count),
    );
  }
});

Deno.test("a counter adds once, and still tells the total", () =>
  losingTheAnswer(
    (station) => station.counters.add("a", 5),
    async (direct) => await direct.counters.get("a") > 0,
    async (total, direct) => {
      assert.equal(total, 5);
      assert.equal(await direct.counters.get("a"), 5);
    },
  ));

Deno.test("a body is kept once", () =>
  losingTheAnswer(
    (station) => station.bodies.put(new Uint8Array([1, 2, 3])),
    async (direct) => (await direct.usage()).BODIES!.messages > 0,
    async (reference, direct) => {
      assert.deepEqual([...await direct.bodies.get(reference)], [1, 2, 3]);
      assert.equal((await direct.usage()).BODIES!.messages, 1);
    },
  ));

Deno.test("a memo does not find itself there already", () =>
  losingTheAnswer(
    (station) => station.memos.putIfAbsent("key", "first"),
    async (direct) => (await direct.usage()).MEMOS!.messages > 0,
    async (found, direct) => {
      assert.equal(found, null);
      assert.equal((await direct.memos.putIfAbsent("key", "second"))?.value, "first");
    },
  ));

Deno.test("a register does not take its own write for another's", () =>
  losingTheAnswer(
    (station) => station.registers.write("key", "first", 0),
    async (direct) => (await direct.usage()).REGISTERS!.messages > 0,
    async (revision, direct) => {
      assert.deepEqual(await direct.registers.read("key"), { value: "first", revision });
    },
  ));
