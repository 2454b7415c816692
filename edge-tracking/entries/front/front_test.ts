/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import { type NewEvent, uuidv7 } from "@chappe/src/events";
import { mintToken } from "@chappe/src/rules";
import { createEdge } from "../../app.ts";
import { createHits } from "../../hits.ts";
import { createAnswers } from "./answers.ts";
import { openFront } from "./front.ts";
import { startInner } from "./inner.ts";
import { LIMITS, type Limits } from "./limits.ts";

const KEY = { kid: 1, secret: new Uint8Array(32).fill(7) };
const COPY = {
  account: "demo",
  message: "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071",
  rcpt: 0,
  tag: 77n,
  mode: "full",
  prepared: 0,
  mailing: null,
} as const;
const url = "https://shop.example/a?b=c";
const OPEN = mintToken({ ...COPY, kind: "open" }, KEY);
const CLICK = mintToken({ ...COPY, kind: "click", link: 0, url }, KEY);
const LEAVE = mintToken({ ...COPY, kind: "unsubscribe" }, KEY);
const HOST = "Host: t.example\r\nUser-Agent: Agent/1.0\r\n";
const get = (path: string, more = "") => `GET ${path} HTTP/1.1\r\n${HOST}${more}\r\n`;
const PIXEL = get(`/o/${OPEN}`);
const LINK = get(`/c/${CLICK}`);
const PAGE = get(`/u/${LEAVE}`);

type Address = { hostname: string; port: number };

/** The front, and the same app on the runtime's server alone, each with what it recorded. */
async function compare(
  test: (
    front: Address,
    events: NewEvent[],
    alone: Address,
    aloneEvents: NewEvent[],
  ) => Promise<void>,
  limits: Partial<Limits> = {},
): Promise<void> {
  const made = [[], []].map((events: NewEvent[]) => {
    const recording = {
      keyOf: (kid: number) => kid === KEY.kid ? KEY.secret : undefined,
      withdrawn: () => false,
      disabled: () => false,
      record: (event: NewEvent) => void events.push(event),
      now: Date.now,
      newId: uuidv7,
    };
    const files = { open: () => Promise.resolve("gone" as const) };
    const confirm = (event: NewEvent) => Promise.resolve(events.push(event) > 0);
    return { events, recording, app: createEdge({ ...recording, files, confirm }) };
  });
  const [behind, alone] = made as [typeof made[0], typeof made[0]];
  const errors: unknown[] = [];
  const inner = startInner(
    (request, clientAddress) => behind.app.fetch(request, { clientAddress }),
    (error) => errors.push(error),
  );
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const front = openFront(listener, {
    hits: createHits(behind.recording),
    answers: createAnswers(Date.now),
    inner,
    addressOf: (peer) => peer,
    limits: { ...LIMITS, ...limits },
  }, (error) => errors.push(error));
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request, { remoteAddr }) => alone.app.fetch(request, { clientAddress: remoteAddr.hostname }),
  );
  try {
    await test(listener.addr, behind.events, server.addr, alone.events);
    assert.deepEqual(errors, []);
  } finally {
    await front.shutdown();
    assert.equal(front.connections(), 0);
    await inner.close();
    await server.shutdown();
  }
}

/** All that the server says until it closes; the client says that nothing more comes. */
async function converse(to: Address, ...pieces: string[]): Promise<string> {
  using socket = await Deno.connect(to);
  const sending = (async () => {
    for (const piece of pieces) {
      const bytes = new TextEncoder().encode(piece);
      for (let at = 0; at < bytes.length;) at += await socket.write(bytes.subarray(at));
    }
    await socket.closeWrite();
  })().catch(() => {});
  const text = await new Response(socket.readable).text().catch(() => "reset");
  await sending;
  return text;
}

/** Answers without what differs from one time, or one server, to the next. */
function plain(text: string): string[] {
  const answers = text.split(/(?=^HTTP\/1\.[01] )|(?<=;)(?=HTTP\/1\.1 )/m);
  return answers.map((answer) => {
    const end = answer.indexOf("\r\n\r\n");
    const [first, ...fields] = answer.slice(0, end).toLowerCase().split("\r\n");
    const kept = fields.filter((field) => !/^(date|connection):/.test(field)).sort();
    return [first!.slice(9, 12), ...kept, answer.slice(end)].join("\n");
  });
}

Deno.test("whatever is asked, the answer is that of the runtime's server, and so is what is recorded", async () => {
  const form = "List-Unsubscribe=One-Click";
  const typed = "Content-Type: application/x-www-form-urlencoded\r\n";
  const post = (more: string, body: string) =>
    `POST /u/${LEAVE} HTTP/1.1\r\n${HOST}${typed}${more}\r\n${body}`;
  const requests: Record<string, string> = {
    "pixel": PIXEL,
    "link": LINK,
    "query": get(`/c/${CLICK}?url=https://evil.example/`),
    "page": PAGE,
    "nothing": get("/"),
    "robots": get("/robots.txt"),
    "not ours": get(`/c/${CLICK.slice(1)}`),
    "of another kind": get(`/o/${CLICK}`),
    "HEAD": LINK.replace("GET", "HEAD"),
    "OPTIONS": LINK.replace("GET", "OPTIONS"),
    "PUT": PIXEL.replace("GET", "PUT"),
    "unsubscribe": post(`Content-Length: ${form.length}\r\n`, form),
    "unsubscribe in chunks": post(
      "Transfer-Encoding: chunked\r\n",
      `${form.length.toString(16)}\r\n${form}\r\n0\r\n\r\n`,
    ),
    "close": get(`/o/${OPEN}`, "Connection: close\r\n"),
    "HTTP/1.0": PIXEL.replace("HTTP/1.1", "HTTP/1.0"),
    "absolute form": get(`http://t.example/o/${OPEN}`),
    "no host": `GET /o/${OPEN} HTTP/1.1\r\nAccept: a\r\n\r\n`,
    "two hosts": get(`/o/${OPEN}`, "Host: u.example\r\n"),
    "two agents": get(`/o/${OPEN}`, "User-Agent: b\r\n"),
    "Latin letters": get(`/o/${OPEN}`, "Accept-Language: é\r\n"),
    "folded line": get(`/o/${OPEN}`, "Accept: a\r\n b\r\n"),
    "bare LF": PIXEL.replaceAll("\r", ""),
    "bare CR": PIXEL.replace("\r\nUser", "\rUser"),
    "NUL": get(`/o/${OPEN}`, "Accept: \0\r\n"),
    "space before the colon": get(`/o/${OPEN}`, "Accept : a\r\n"),
    "another version": PIXEL.replace("HTTP/1.1", "HTTP/1.2"),
    "upgrade": get(`/o/${OPEN}`, "Connection: Upgrade\r\nUpgrade: websocket\r\n"),
    "long token": get(`/c/${"A".repeat(10_000)}`),
    "long field": get(`/o/${OPEN}`, `Cookie: ${"a".repeat(10_000)}\r\n`),
    "length and chunks": post(
      "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
      `0\r\n\r\n${PIXEL}`,
    ),
    "two lengths": post("Content-Length: 4\r\nContent-Length: 5\r\n", "abcde"),
    "odd length": post("Content-Length: +4\r\n", `abcd`),
    "odd chunks": post("Transfer-Encoding: chunked, x\r\n", `0\r\n\r\n${PIXEL}`),
    "hidden length": get(`/o/${OPEN}`, `Content-Length\t: ${LINK.length}\r\n`) + LINK,
    "body of a GET": get(`/o/${OPEN}`, `Content-Length: 5\r\nConnection: close\r\n`) + "hello" +
      LINK,
    "two hits": PIXEL + LINK,
    "a hit and a page": LINK + PAGE,
    "nonsense": "\x16\x03\x01\x02\0\x01\0",
    "half a request": PIXEL.slice(0, -2),
    "nothing at all": "",
  };
  await compare(async (front, events, alone, aloneEvents) => {
    for (const [name, request] of Object.entries(requests)) {
      assert.deepEqual(
        plain(await converse(front, request)),
        plain(await converse(alone, request)),
        name,
      );
      const told = (all: NewEvent[]) =>
        all.map(({ type, data }) => [type, (data as { ip?: string }).ip]);
      assert.deepEqual(told(events), told(aloneEvents), name);
    }
    assert(events.length > 10);
  });
});

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

Deno.test("who stops waits for answers under way, and for nobody else", async () => {
  const asked = Promise.withResolvers<void>();
  const thought = Promise.withResolvers<void>();
  const inner = startInner(async () => {
    asked.resolve();
    await thought.promise;
    return new Response("late");
  }, () => {});
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const hits = { answer: () => "pixel" as const };
  const answers = createAnswers(Date.now);
  const front = openFront(
    listener,
    { hits, answers, inner, addressOf: (peer) => peer, limits: LIMITS },
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
