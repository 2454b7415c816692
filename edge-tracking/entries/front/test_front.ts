/// <reference lib="deno.ns" />
/** A front with an app behind it, for tests, and the same app alone; and requests as bytes. */
import assert from "node:assert/strict";
import { type NewEvent, readLines, uuidv7 } from "@chappe/src/events";
import { mintToken } from "@chappe/src/rules";
import { createEdge } from "../../app.ts";
import { createAnswers } from "./answers.ts";
import { openFront } from "./front.ts";
import { Head, Incoming, type Reading } from "./head.ts";
import { createHitBuffer } from "./hit_buffer.ts";
import { startInner } from "./inner.ts";
import { LIMITS, type Limits } from "./limits.ts";
import { createPlainHits } from "./plain_hits.ts";

export const KEY = { kid: 1, secret: new Uint8Array(32).fill(7) };
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
export const OPEN = mintToken({ ...COPY, kind: "open" }, KEY);
export const CLICK = mintToken({ ...COPY, kind: "click", link: 0, url }, KEY);
export const OFF = { ...COPY, account: "off" };
export const DISABLED = mintToken({ ...OFF, kind: "click", link: 0, url }, KEY);
export const LEAVE = mintToken({ ...COPY, kind: "unsubscribe" }, KEY);
export const HOST = "Host: t.example\r\nUser-Agent: Agent/1.0\r\n";
export const get = (path: string, more = "") => `GET ${path} HTTP/1.1\r\n${HOST}${more}\r\n`;
export const PIXEL = get(`/o/${OPEN}`);
export const LINK = get(`/c/${CLICK}`);
export const PAGE = get(`/u/${LEAVE}`);

/** What a head of these letters is read as, from somewhere among other bytes. */
export function readHead(
  text: string,
  head = new Head(),
): { reading: Reading; head: Head; length: number } {
  const bytes = new TextEncoder().encode(`GET /o/${text}\r\n\r\n`);
  const from = "GET /o/".length;
  const reading = head.read(new Incoming(bytes), from, bytes.length - 4);
  return { reading, head, length: head.end - from };
}

type Address = { hostname: string; port: number };

/** The front, and the same app on the runtime's server alone, each with what it recorded. */
export async function compare(
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
      disabled: ({ account }: { account: string }) => account === OFF.account,
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
  const hits = createHitBuffer({
    take({ bytes }) {
      for (const { recorded: _, ...event } of readLines(bytes)) behind.events.push(event);
    },
    maxHits: 1,
    maxWaitMs: 0,
  });
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const front = openFront(listener, {
    hits: createPlainHits({
      ...behind.recording,
      record: hits.write,
      answers: createAnswers(Date.now),
      addressOf: (peer) => peer,
    }),
    inner,
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
export async function converse(to: Address, ...pieces: string[]): Promise<string> {
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
export function plain(text: string): string[] {
  const answers = text.split(/(?=^HTTP\/1\.[01] )|(?<=;)(?=HTTP\/1\.1 )/m);
  return answers.map((answer) => {
    const end = answer.indexOf("\r\n\r\n");
    const [first, ...fields] = answer.slice(0, end).toLowerCase().split("\r\n");
    const kept = fields.filter((field) => !/^(date|connection):/.test(field)).sort();
    return [first!.slice(9, 12), ...kept, answer.slice(end)].join("\n");
  });
}
