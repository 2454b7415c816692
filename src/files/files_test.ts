/** Files on their way from a stored message to whoever asks: on a real nats-server. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import { startTestNats } from "../embedded/mod.ts";
import { event, type LinkedFile, uuidv7 } from "../events/mod.ts";
import { type BodyStore, connectStation, LogUnavailableError } from "../log/mod.ts";
import { findFiles } from "../mail/mod.ts";
import { SILENT } from "../runtime/mod.ts";
import { createFiles, type FilesOptions, type OpenFile } from "./mod.ts";

const MB = 1024 * 1024;
const MESSAGE = uuidv7(1_763_800_000_000);
const REFERENCES = {
  billingCode: null,
  customerReference: null,
  attention1: null,
  attention2: null,
  attention3: null,
  attention4: null,
  attention5: null,
  attention6: null,
  attention7: null,
  attention8: null,
};

function accepted(body: string, files: LinkedFile[], account = "demo") {
  return event("message.accepted", { id: uuidv7(0), account, at: 0, message: MESSAGE }, {
    sender: "s@example.com",
    recipients: [{ address: "r@example.net", kind: "to" }],
    from: "s@example.com",
    subject: "x",
    messageId: "1@example.com",
    size: 10,
    body,
    files,
    references: REFERENCES,
    tracking: { mode: "full", opens: true, clicks: true },
    listUnsubscribe: "off",
    smtputf8: false,
    client: { ip: "127.0.0.1", ehlo: "x", tls: null, login: null },
  });
}

/** A message with these files, as nodemailer and others write them: base64 in lines of 76. */
function messageWith(files: readonly Uint8Array[]): Uint8Array {
  const parts = files.map((file, i) =>
    `--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=${i}.pdf\r\n` +
    "Content-Transfer-Encoding: base64\r\n\r\n" +
    `${Buffer.from(file).toString("base64").replace(/.{76}/g, "$&\r\n")}\r\n`
  );
  return new TextEncoder().encode(
    "From: s@example.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
      `--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n${parts.join("")}--b--\r\n`,
  );
}

async function digest({ bytes }: OpenFile): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of bytes) hash.update(piece);
  return hash.digest("hex");
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

Deno.test("files come back to the byte, from where the log says that they are", async () => {
  await using nats = await startTestNats();
  const station = await connectStation({ url: nats.url, now: Date.now, logger: SILENT });
  try {
    const contents = [randomBytes(25 * MB), randomBytes(1), randomBytes(3 * MB + 1)];
    const raw = messageWith(contents);
    const linked = findFiles(raw, "X");
    assert.deepEqual(linked.map(({ size }) => size), contents.map(({ length }) => length));
    const body = await station.bodies.put(raw);
    const [, told] = await station.events.append([
      accepted(body, linked, "other"),
      accepted(body, linked),
    ]);
    let held = 0;
    let most = 0;
    const files = createFiles({
      events: station.events,
      bodies: {
        async *read(...asked: Parameters<BodyStore["read"]>) {
          for await (const piece of station.bodies.read(...asked)) {
            most = Math.max(most, ++held);
            yield piece;
            held--;
          }
        },
      },
    });
    const place = { account: "demo", message: MESSAGE, told: told! };
    for (const [file, content] of contents.entries()) {
      const opened = await files.open({ ...place, file });
      assert.ok(typeof opened !== "string");
      assert.deepEqual([opened.type, opened.size], ["application/pdf", content.length]);
      assert.equal(await digest(opened), sha256(content));
    }
    assert.deepEqual([most, files.reading()], [1, 0], "one piece of the message at a time");

    for (
      const wrong of [
        { account: "other" },
        { message: uuidv7(1) },
        { file: 3 },
        { told: { seq: told!.seq, index: 2 } },
        { told: { seq: told!.seq + 1, index: 1 } },
      ]
    ) assert.equal(await files.open({ ...place, file: 0, ...wrong }), "gone");
    const lost = await station.events.append([accepted("77777:0:9", linked)]);
    assert.equal(await files.open({ ...place, file: 0, told: lost[0]! }), "gone");
    assert.equal(files.reading(), 0);
  } finally {
    await station.close();
  }
});

/** A message of one file, in pieces of one MB. */
function inMemory(pieces: number, changes: Partial<FilesOptions> = {}) {
  const size = pieces * MB;
  const file = { name: "a", type: "a/b", size, start: 0, end: size, encoding: "identity" as const };
  const state = { given: 0, closed: 0 };
  const files = createFiles({
    events: {
      at: (seq) => {
        const told = { ...accepted("b", [file]), recorded: 0 };
        return Promise.resolve({ seq, family: "message", recorded: 0, events: [told] });
      },
    },
    bodies: {
      async *read() {
        try {
          for (; state.given < pieces; state.given++) yield new Uint8Array(MB);
        } finally {
          state.closed++;
        }
      },
    },
    ...changes,
  });
  const place = { account: "demo", message: MESSAGE, file: 0, told: { seq: 1, index: 0 } };
  return { files, state, open: () => files.open(place) };
}

Deno.test("nothing is fetched before it is asked for, and in small pieces", async () => {
  const { files, state, open } = inMemory(4);
  const opened = await open() as OpenFile;
  const reader = opened.bytes.getReader();
  for (let i = 0; i < 16; i++) {
    assert.equal((await reader.read()).value!.length, 64 * 1024);
    assert.equal(state.given, 0, "the first piece is not read to its end");
  }
  await reader.read();
  assert.deepEqual([state.given, state.closed], [1, 0]);
  await reader.cancel();
  assert.deepEqual([files.reading(), state.closed], [0, 1]);
});

Deno.test("no more files than may be are read at a time", async () => {
  const { files, open } = inMemory(1, { most: 2 });
  const opened = [await open(), await open()] as OpenFile[];
  assert.equal(await open(), "later");
  assert.equal(files.reading(), 2);
  await opened[0]!.bytes.cancel();
  assert.notEqual(await open(), "later");
});

Deno.test("whoever does not read on is given up", async () => {
  const { files, state, open } = inMemory(2, { idleMs: 1 });
  const opened = await open() as OpenFile;
  while (files.reading() > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  await assert.rejects(digest(opened), /nobody read on/);
  assert.equal(state.closed, 1);
});

Deno.test("a log that is away is for later; a file that breaks off fails", async () => {
  const away = () => Promise.reject(new LogUnavailableError("away"));
  const first = inMemory(1, { events: { at: away } });
  assert.equal(await first.open(), "later");
  const later = inMemory(1, {
    bodies: {
      async *read() {
        yield new Uint8Array(10);
        await away();
      },
    },
  });
  await assert.rejects(digest(await later.open() as OpenFile), LogUnavailableError);
  assert.deepEqual([first.files.reading(), later.files.reading()], [0, 0]);
});
