/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import { createAnswers } from "./answers.ts";
import { openFront } from "./front.ts";
import { startInner } from "./inner.ts";
import { LIMITS } from "./limits.ts";
import { compare, converse, LEAVE, LINK, OPEN, PAGE, PIXEL, plain } from "./test_front.ts";

Deno.test("hits in one piece are answered in order; with a page the connection ends", async () => {
  await compare(async (front, events) => {
    const text = await converse(front, PIXEL + LINK + PAGE);
    const [first, second, third, ...more] = plain(text);
    assert.match(first!, /^200[^]*gif/);
    assert.match(second!, /^302[^]*location: https:\/\/shop\.example/);
    assert.match(third!, /^200[^]*<form/);
    assert.deepEqual([more, text.match(/connection: close/g)?.length], [[], 1]);
    assert.equal(events.length, 2);
    using socket = await Deno.connect(front);
    await socket.write(new TextEncoder().encode(PAGE));
    assert.match(await new Response(socket.readable).text(), /<form/);
    const byLetter = plain(await converse(front, ...PIXEL + LINK));
    assert.deepEqual(byLetter.map((answer) => answer.slice(0, 3)), ["200", "302"]);
    assert.match(await converse(front, LINK + "\x16\x03\x01\0"), /^HTTP\/1.1 302[^]*HTTP\/1.1 400/);
  });
});

Deno.test("who sends slowly, or nothing more, is cut off", async () => {
  const soon = { readingMs: 50, idleMs: 50, thinkingMs: 50, lingeringMs: 50, sweepMs: 10 };
  await compare(async (front) => {
    const unfinished = [
      "",
      PIXEL.slice(0, 20),
      "POST /u/x HTTP/1.1\r\nContent-Length: 9\r\n\r\n",
      PIXEL,
    ];
    for (const start of unfinished) {
      using socket = await Deno.connect(front);
      await socket.write(new TextEncoder().encode(start));
      const said = await new Response(socket.readable).text().catch(() => "");
      assert.equal(said.startsWith("HTTP/1.1 200"), start === PIXEL);
    }
  }, soon);
});

Deno.test("who reads no answers is cut off", async () => {
  await compare(async (front) => {
    using socket = await Deno.connect(front);
    const many = new TextEncoder().encode(LINK.repeat(100));
    await assert.rejects(async () => {
      for (;;) await socket.write(many);
    });
  }, { writingMs: 50, sweepMs: 10 });
});

Deno.test("one connection too many closes the oldest that waits", async () => {
  await compare(async (front) => {
    const sockets: Deno.TcpConn[] = [];
    const answer = new Uint8Array(1000);
    for (let i = 0; i < 3; i++) {
      const socket = await Deno.connect(front);
      await socket.write(new TextEncoder().encode(PIXEL));
      assert(await socket.read(answer));
      sockets.push(socket);
    }
    assert.equal(await sockets[0]!.read(answer).catch(() => null), null);
    for (const socket of sockets.slice(1)) {
      await socket.write(new TextEncoder().encode(LINK));
      assert(await socket.read(answer));
    }
    for (const socket of sockets) socket.close();
  }, { connections: 2 });
});

Deno.test("the inner server hears nobody but the front, and knows whose connection it is", async () => {
  const inner = startInner((_, peer) => new Response(peer), () => {});
  const ours = await inner.connect("203.0.113.9", false);
  await ours.write(new TextEncoder().encode(PIXEL));
  assert.match(await new Response(ours.readable).text(), /^HTTP\/1\.1 200[^]*203\.0\.113\.9$/);
  const { hostname, port } = ours.remoteAddr as Deno.NetAddr;
  inner.release(ours);
  assert.match(await converse({ hostname, port }, PIXEL), /^HTTP\/1\.1 403/);
  await inner.close();
});

Deno.test("HTTP/2 without TLS lasts, whatever it asks for", async () => {
  await compare(async ({ hostname, port }, events) => {
    const session = http2.connect(`http://${hostname}:${port}`);
    for (const path of [`/u/${LEAVE}`, `/o/${OPEN}`]) {
      const stream = session.request({ ":path": path });
      const [headers] = await once(stream, "response");
      stream.resume();
      await once(stream, "end");
      assert.equal(headers[":status"], 200);
    }
    assert.equal(events.length, 1);
    session.close();
    await once(session, "close");
  });
});

Deno.test("HTTP/2 on which nothing is under way holds up nobody who stops", async () => {
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  let session: http2.ClientHttp2Session;
  await compare(async ({ hostname, port }) => {
    session = http2.connect(`http://${hostname}:${port}`);
    session.on("error", () => {});
    const stream = session.request({ ":path": `/u/${LEAVE}` });
    await once(stream, "response");
    stream.resume();
    await once(stream, "end");
    session.on("close", resolve);
  }); // which shuts the front down
  await stopped;
});

Deno.test("who stops waits for answers under way, and for nobody else", async () => {
  const asked = Promise.withResolvers<void>();
  const thought = Promise.withResolvers<void>();
  const inner = startInner(async () => {
    asked.resolve();
    await thought.promise;
    return new Response("late");
  }, () => {});
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const answers = createAnswers(Date.now);
  const hits = { answer: () => answers.pixel(false) };
  const front = openFront(
    listener,
    { hits, inner, limits: LIMITS },
    (error) => assert.fail(String(error)),
  );
  const { hostname, port } = listener.addr;
  const waiting = await Deno.connect({ hostname, port });
  const asking = await Deno.connect({ hostname, port });
  await asking.write(new TextEncoder().encode(PAGE));
  await asked.promise;
  const stopped = front.shutdown();
  assert.equal(await waiting.read(new Uint8Array(1)), null);
  thought.resolve();
  assert.match(await new Response(asking.readable).text(), /late$/);
  await stopped;
  waiting.close();
  await inner.close();
});
