/** Contract: bodies are kept whole for their time; the mailbox rolls. */
import assert from "node:assert/strict";
import { BodyGoneError } from "@chappe/src/log";
import type { LogUnderTest } from "./log_contract.ts";
import { eventually } from "./log_support.ts";

export const bodiesAndMailbox = {
  async "a body comes back as it was put, whatever its size"(log: LogUnderTest) {
    const [a, b] = [await log.open(), await log.open()];
    for (const size of [0, 1, 10_000, 1_048_576, 5_000_000]) {
      const body = randomBytes(size);
      const reference = await a.bodies.put(body);
      for (const { bodies } of [a, b]) {
        const got = await bodies.get(reference);
        assert.equal(got.length, size);
        assert.ok(got.every((byte, i) => byte === body[i]), `${size} bytes differ`);
      }
    }
  },

  async "a stretch of a body is read without the rest"(log: LogUnderTest) {
    const { bodies } = await log.open();
    const body = randomBytes(3_000_000);
    const reference = await bodies.put(body);
    for (const [start, end] of [[0, 10], [0, 3_000_000], [999_999, 2_500_001], [5, 5]] as const) {
      const pieces = await Array.fromAsync(bodies.read(reference, start, end));
      const got = await new Blob(pieces.map((piece) => new Uint8Array(piece))).bytes();
      assert.ok(got.length === end - start && got.every((byte, i) => byte === body[start + i]));
    }
    const piecesOf = (reference: string, end: number) =>
      Array.fromAsync(bodies.read(reference, 0, end));
    await assert.rejects(piecesOf(reference, 3_000_001), BodyGoneError);
    await assert.rejects(piecesOf("nonsense", 1), BodyGoneError);
    await assert.rejects(piecesOf("7777:0:5", 1), BodyGoneError);
  },

  async "bodies put at the same time do not mix"(log: LogUnderTest) {
    const [a, b] = [await log.open(), await log.open()];
    const whole = Array.from({ length: 300 }, (_, i) => randomBytes(i * 37));
    const references = await Promise.all(whole.map((body) => a.bodies.put(body)));
    assert.equal(new Set(references).size, 300);
    const { BODIES } = await a.usage();
    assert.ok(BODIES!.messages < 60, `${BODIES!.messages} commits for 300 bodies`);
    const got = await Promise.all(references.map((reference) => b.bodies.get(reference)));
    got.forEach((body, i) => assert.deepEqual([...body], [...whole[i]!]));
  },

  async "a body that never was, or no longer is, is gone"(log: LogUnderTest) {
    const [a, b] = [await log.open({ bodiesDays: 1 / 86_400 }), await log.open()];
    for (const reference of ["", "nonsense", "7:0:5", "1:0", "1:0:5,", "-1:0:5"]) {
      await assert.rejects(b.bodies.get(reference), BodyGoneError);
    }
    const c = await log.open({ bodiesDays: 1 / 86_400 });
    const reference = await a.bodies.put(new Uint8Array(10));
    await assert.rejects(a.bodies.get(reference.replace(/10$/, "11")), BodyGoneError);
    await eventually(async () => (await c.usage()).BODIES!.messages === 0);
    await assert.rejects(c.bodies.get(reference), BodyGoneError);
  },

  async "the mailbox lists the newest first and gives each mail back"(log: LogUnderTest) {
    const { mailbox } = await log.open();
    assert.deepEqual(await mailbox.list(10), []);
    assert.equal(await mailbox.get(1), null);
    for (let i = 1; i <= 150; i++) {
      await mailbox.put({
        headers: { subject: `№ ${i}` },
        raw: new TextEncoder().encode(`raw\n${i}`),
      });
    }
    const large = randomBytes(3_000_000);
    await mailbox.put({ headers: { subject: "large" }, raw: large });
    const list = await mailbox.list(120);
    assert.equal(list.length, 120);
    assert.deepEqual(list.slice(0, 3).map((mail) => mail.headers.subject), [
      "large",
      "№ 150",
      "№ 149",
    ]);
    assert.equal((await mailbox.list(1000)).length, 151);
    const second = await mailbox.get(list[1]!.seq);
    assert.equal(new TextDecoder().decode(second!.raw), "raw\n150");
    assert.ok(Math.abs(second!.at - Date.now()) < 600_000);
    const first = await mailbox.get(list[0]!.seq);
    assert.ok(
      first!.raw.every((byte, i) => byte === large[i]) && first!.raw.length === large.length,
    );
    assert.equal(await mailbox.get(999_999), null);
    assert.equal(await mailbox.get(0), null);
  },

  async "the mailbox throws the oldest away when it is full"(log: LogUnderTest) {
    const { mailbox } = await log.open({ storeBytes: 20_000_000 });
    for (let i = 1; i <= 5; i++) {
      await mailbox.put({ headers: { n: String(i) }, raw: new Uint8Array(300_000) });
    }
    const left = (await mailbox.list(10)).map((mail) => mail.headers.n);
    assert.deepEqual(left, ["5", "4", "3"]);
  },
};

/** 64 KiB is the most that `getRandomValues` fills at once. */
function randomBytes(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i += 65_536) crypto.getRandomValues(bytes.subarray(i, i + 65_536));
  return bytes;
}
