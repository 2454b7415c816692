/** The small pure parts: what is written is read, and what is not ours is refused. */
import { MsgImpl } from "@nats-io/nats-core/internal";
import assert from "node:assert/strict";
import fc from "fast-check";
import { ConflictError, LogFullError } from "../port.ts";
import { formatReference, parseReference } from "./body_reference.ts";
import { ByteCache } from "./byte_cache.ts";
import { parseNatsUrl } from "./connection.ts";
import { delivery } from "./delivery.ts";
import { decodeJob, encodeJob, encodeTimer } from "./job_codec.ts";
import { RefusedError } from "./persevere.ts";
import { parseAck } from "./publish.ts";
import { shares, streamConfigs } from "./streams.ts";

Deno.test("a body reference is read as it was written; nothing else is one", () => {
  const part = fc.record({
    seq: fc.maxSafeNat(),
    offset: fc.maxSafeNat(),
    length: fc.maxSafeNat(),
  });
  fc.assert(fc.property(fc.array(part, { minLength: 1 }), (parts) => {
    assert.deepEqual(parseReference(formatReference(parts)), parts.map((p) => ({ ...p })));
  }));
  for (const text of ["", "1", "1:2", "1:2:3:4", "1:2:3,", "a:b:c", " 1:2:3", "1:-2:3"]) {
    assert.equal(parseReference(text), null, text);
  }
});

Deno.test("the cache keeps what was used last, within its bytes", () => {
  const cache = new ByteCache(10);
  for (const key of [1, 2, 3]) cache.set(key, new Uint8Array(3));
  cache.get(1);
  cache.set(4, new Uint8Array(3));
  assert.deepEqual([1, 2, 3, 4].map((key) => cache.get(key)?.length), [3, undefined, 3, 3]);
  cache.set(3, new Uint8Array(9));
  assert.deepEqual([1, 3, 4].map((key) => cache.get(key)?.length), [undefined, 9, undefined]);
  cache.set(5, new Uint8Array(11));
  assert.equal(cache.get(5), undefined);
});

const URLS: [string, ReturnType<typeof parseNatsUrl> | null][] = [
  ["nats://127.0.0.1:4222", { servers: ["127.0.0.1:4222"], tls: false }],
  ["nats://me:s%40crt@h:1", { servers: ["h:1"], tls: false, user: "me", pass: "s@crt" }],
  ["nats://tok%3Aen@h", { servers: ["h"], tls: false, token: "tok:en" }],
  ["tls://me:x@a:1,b:2,c:3/", {
    servers: ["a:1", "b:2", "c:3"],
    tls: true,
    user: "me",
    pass: "x",
  }],
  ["", null],
  ["127.0.0.1:4222", null],
  ["http://127.0.0.1:4222", null],
  ["nats://", null],
];

Deno.test("a NATS URL gives servers and login", () => {
  for (const [url, expected] of URLS) {
    if (expected === null) assert.throws(() => parseNatsUrl(url), TypeError, url);
    else assert.deepEqual(parseNatsUrl(url), expected);
  }
});

Deno.test("a delivery is read from both forms of reply subject", () => {
  const message = (reply: string) => {
    const info = { subject: new Uint8Array(), sid: 1, hdr: -1, size: 0, reply: encode(reply) };
    return new MsgImpl(info as never, new Uint8Array(), null as never);
  };
  const expected = { count: 2, seq: 70, consumerSeq: 7, at: 1_700_000_000_123 };
  for (
    const reply of [
      "$JS.ACK.EVENTS.name.2.70.7.1700000000123456789.0",
      "$JS.ACK._.hash.EVENTS.name.2.70.7.1700000000123456789.0.random",
    ]
  ) assert.deepEqual(delivery(message(reply)), expected);
  for (const reply of ["", "_INBOX.a.b", "a.b.c.d.e.f.g.h.i"]) {
    assert.throws(() => delivery(message(reply)), TypeError);
  }
});

Deno.test("a job is read as it was written; whatever its id, a header can name it", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.jsonValue(), (id, data) => {
    const job = { id, lane: "gmail_1-a", data };
    const { subject, payload, headers: sent } = encodeJob(job);
    assert.deepEqual(decodeJob(subject, payload), JSON.parse(JSON.stringify(job)));
    assert.match(sent["Nats-Msg-Id"]!, /^[\w-]{16}$/);
  }));
  assert.throws(() => decodeJob("jobs.a", encode("{}")), TypeError);
  assert.throws(() => decodeJob("jobs.a", encode("nonsense")), SyntaxError);
});

Deno.test("a timer has a subject of its own and names its target and time", () => {
  const job = { id: "retry 1", lane: "a", data: 1 };
  const timer = encodeTimer(job, 1_700_000_000_123, 1_700_000_000_000);
  assert.match(timer.subject, /^timers\.[\w-]{16}$/);
  assert.equal(timer.headers["Nats-Schedule"], "@at 2023-11-14T22:13:20.123Z");
  assert.equal(timer.headers["Nats-Schedule-Target"], "jobs.a");
  assert.notEqual(timer.subject, encodeTimer({ ...job, id: "retry 2" }, 0, 0).subject);
  assert.equal(timer.headers["Nats-Msg-Id"], timer.subject.slice("timers.".length));
  assert.equal("Nats-Msg-Id" in encodeTimer(job, 60_000, 0).headers, false);
  // It takes the place of one that had another lane.
  assert.equal(timer.subject, encodeTimer({ ...job, lane: "b" }, 0, 0).subject);
});

Deno.test("JetStream's answers mean: stored, conflict, full, refused, or try again", () => {
  assert.deepEqual(parseAck('{"stream":"S","seq":7}'), { seq: 7, duplicate: false, value: null });
  assert.deepEqual(parseAck('{"stream":"S","seq":7,"duplicate":true,"val":"5"}'), {
    seq: 7,
    duplicate: true,
    value: "5",
  });
  const error = (code: number, err_code: number) =>
    JSON.stringify({ error: { code, err_code, description: "why" } });
  assert.throws(() => parseAck(error(400, 10071)), ConflictError);
  for (const code of [10002, 10023, 10047, 10077]) {
    assert.throws(() => parseAck(error(503, code)), LogFullError);
  }
  assert.throws(() => parseAck(error(400, 10201)), RefusedError);
  assert.throws(() => parseAck(error(503, 10008)), { name: "Error", message: "why" });
});

Deno.test("the streams share the disk, and no more than there is", () => {
  for (const storeBytes of [4_000_000, 10 ** 9, 50 * 1024 ** 3]) {
    const { events, bodies, queue, mailbox, memos } = shares(storeBytes);
    assert.ok(events + bodies + queue + mailbox + memos <= storeBytes);
    assert.ok(mailbox <= 256 * 1024 * 1024);
  }
  const limits = { storeBytes: 10 ** 9, replicas: 3, bodiesDays: 30 };
  assert.ok(streamConfigs(limits).every((config) => config.num_replicas === 3));
});

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
