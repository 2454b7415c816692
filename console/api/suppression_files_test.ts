import assert from "node:assert/strict";
import { problemIn, send } from "../test_api.ts";
import { createTestConsole, type TestConsole } from "../test_console.ts";
import { API_KEY, KEYS } from "../test_ports.ts";
import { csvLine } from "@chappe/analytics";
import { LARGEST_FILE } from "./suppression_files.ts";

const csv = { "content-type": "text/csv; charset=utf-8", key: KEYS.operator };

interface Report {
  added: number;
  duplicates: number;
  refused: number;
  errors: { line: number; error: string }[];
}

const upload = (console: TestConsole, text: string, more = {}, query = "") =>
  send<Report>(console, `POST /suppressions/import${query}`, text, { ...csv, ...more });

Deno.test("a file with a header, a mark, semicolons and quotes is read as meant", async () => {
  const console = createTestConsole();
  const file = '\ufeffname;"E-Mail";reason\r\n' +
    '"Doe; John";john@b.example;complaint\r\n' +
    ';"Jane@B.example";"left ""us"""\r\n' +
    "x;nobody;\r\n" +
    "y;JOHN@b.example;\r\n";
  const { status, body } = await upload(console, file, {}, "?source=old-crm.csv");
  assert.equal(status, 200);
  assert.deepEqual([body.added, body.duplicates, body.refused], [2, 1, 1]);
  assert.deepEqual(body.errors.map(({ line }) => line), [4]);
  const facts = console.log.of("suppression");
  assert.deepEqual(facts.map(({ recipient, data, by }) => [recipient, data, by]), [
    ["john@b.example", { reason: "complaint", source: "old-crm.csv" }, "api-key:operator-key"],
    [
      "jane@b.example",
      { reason: "import", source: "old-crm.csv", note: 'left "us"' },
      "api-key:operator-key",
    ],
  ]);
});

Deno.test("a long file becomes many commits, however it is cut; its first bad lines are named", async () => {
  const console = createTestConsole();
  const lines = Array.from(
    { length: 2000 },
    (_, i) => i % 10 === 3 ? `bad${i}` : `r${i}@b.example`,
  );
  const bytes = new TextEncoder().encode(lines.join("\n"));
  const pieces = Array.from(
    { length: Math.ceil(bytes.length / 777) },
    (_, i) => bytes.slice(i * 777, (i + 1) * 777),
  );
  const response = await console.api("/suppressions/import", {
    method: "POST",
    headers: { "content-type": "text/csv" },
    body: ReadableStream.from(pieces),
  });
  const report: Report = await response.json();
  assert.deepEqual([report.added, report.refused, report.errors.length], [1800, 200, 100]);
  assert.deepEqual(report.errors.slice(0, 2).map((e) => e.line), [4, 14]);
  const commits = console.log.commits.filter((c) => c.family === "suppression");
  assert(commits.length >= 4 && commits.every((c) => c.events.length <= 500));
});

Deno.test("the same file again under the same key brings the same facts", async () => {
  const console = createTestConsole();
  const keyed = { "idempotency-key": "upload 1" };
  for (let times = 0; times < 2; times++) {
    assert.equal((await upload(console, "a@b.example\nc@b.example\n", keyed)).body.added, 2);
  }
  const ids = console.log.of("suppression").map(({ id }) => id);
  assert.deepEqual([ids.length, new Set(ids).size], [4, 2]);
});

Deno.test("what is no CSV, empty, or too large is told so", async () => {
  const console = createTestConsole();
  problemIn(await upload(console, "{}", { "content-type": "application/json" }), 415);
  assert.equal((await upload(console, "")).body.added, 0);
  const announced = await upload(console, "", { "content-length": String(LARGEST_FILE + 1) });
  assert.match(problemIn(announced, 413).detail, /0 recipients were added/);

  const piece = new TextEncoder().encode("x".repeat(2 ** 20 - 1) + "\n");
  let sent = 0;
  const endless = new ReadableStream({
    pull: (controller) => (sent += piece.length, controller.enqueue(piece)),
  });
  const response = await console.app.request("/api/v1/suppressions/import", {
    method: "POST",
    headers: { authorization: `Bearer ${API_KEY}`, "content-type": "text/csv" },
    body: endless,
  });
  assert.equal(response.status, 413);
  assert.match((await response.json()).detail, /Cut the file up/);
  assert(sent < LARGEST_FILE + 10 * piece.length, "reading ends where the limit is");
});

Deno.test("the export comes back in as it went out, and runs in no spreadsheet", async () => {
  const console = createTestConsole();
  const note = '=HYPERLINK("http://evil.example")';
  await send(console, "POST /suppressions", { recipient: "a@b.example", reason: note });
  await send(console, "POST /suppressions", { recipient: "c@b.example", reason: "complaint" });
  const response = await console.api("/suppressions/export");
  assert.match(response.headers.get("content-type")!, /^text\/csv/);
  assert.match(response.headers.get("content-disposition")!, /attachment/);
  const text = await response.text();
  assert.deepEqual(text.split("\r\n").slice(0, 2), [
    "recipient,reason,source,note,by,addedAt,message",
    'a@b.example,manual,api,"\'=HYPERLINK(""http://evil.example"")",api-key:k1,' +
    "2026-11-22T05:30:00.000Z,",
  ]);
  const elsewhere = createTestConsole();
  assert.deepEqual((await upload(elsewhere, text)).body, {
    added: 2,
    duplicates: 0,
    refused: 0,
    errors: [],
  });
  const { items } = (await send<{ items: { recipient: string; reason: string }[] }>(
    elsewhere,
    "GET /suppressions",
  )).body;
  assert.deepEqual(items.map((i) => [i.recipient, i.reason]), [
    ["a@b.example", "manual"],
    ["c@b.example", "complaint"],
  ]);
});

Deno.test("no cell begins as a formula does", () => {
  const cells = ["=1", "+1", "-1", "@x", "\tx", "\rx", "a=1", null, 'q"', "a;b"];
  assert.equal(csvLine(cells), `'=1,'+1,'-1,'@x,'\tx,"'\rx",a=1,,"q""","a;b"\r\n`);
});
