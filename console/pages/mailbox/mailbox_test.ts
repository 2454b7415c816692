import assert from "node:assert/strict";
import { createTestConsole, type TestConsole } from "../../test_console.ts";
import { NOW } from "../../test_data.ts";

const RAW = `From: Shop <shop@example.com>
To: you@example.net
Subject: Your parcel
Content-Type: multipart/mixed; boundary=B

--B
Content-Type: multipart/alternative; boundary=A

--A
Content-Type: text/plain

See https://track.example/c/abc for more
--A
Content-Type: text/html

<p>See <a href="https://track.example/c/abc">more</a><img src="https://track.example/o/abc"></p>
--A--
--B
Content-Type: text/html
Content-Disposition: attachment; filename*=utf-8''%C3%A9t%C3%A9%22.html
Content-Transfer-Encoding: base64

PHNjcmlwdD4=
--B--
`.replaceAll("\n", "\r\n");

function withMail(): TestConsole {
  const console = createTestConsole();
  const headers = { from: "shop@example.com", to: "you@example.net", subject: "Your parcel" };
  console.data.mails = [{ seq: 4, at: NOW, headers, raw: new TextEncoder().encode(RAW) }];
  return console;
}

Deno.test("the mailbox lists mails and opens one", async () => {
  const { get } = withMail();
  assert.match(await (await get("/mailbox")).text(), /href="\/mailbox\/4"/);
  const text = await (await get("/mailbox/4")).text();
  assert.match(text, /Shop &lt;shop@example.com&gt;/);
  assert.match(
    text,
    /<iframe src="\/mailbox\/4\/html"[^>]* sandbox="allow-popups allow-popups-to-escape-sandbox allow-downloads"/,
  );
  assert.match(text, /aria-current="true"/);
});

Deno.test("links in text lead on; HTML keeps its links and images", async () => {
  const { get } = withMail();
  const text = await (await get("/mailbox/4?view=text")).text();
  assert.match(text, /<a href="https:\/\/track\.example\/c\/abc" target="_blank" rel="noopener/);
  const frame = await get("/mailbox/4/html");
  assert.match(frame.headers.get("content-security-policy")!, /img-src data: http: https:/);
  assert.match(await frame.text(), /<img src="https:\/\/track\.example\/o\/abc">/);
});

Deno.test("attachments come as files, never as pages", async () => {
  const { get } = withMail();
  const response = await get("/mailbox/4/attachments/0");
  assert.equal(await response.text(), "<script>");
  const disposition = response.headers.get("content-disposition")!;
  assert.match(
    disposition,
    /^attachment; filename="_t__\.html"; filename\*=UTF-8''%C3%A9t%C3%A9%22\.html$/,
  );
  assert.equal(response.headers.get("content-security-policy"), "default-src 'none'; sandbox");
  const source = await get("/mailbox/4/source");
  assert.equal(await source.text(), RAW);
});

Deno.test("what is not in the mailbox is not found", async () => {
  const { get } = withMail();
  const paths = ["/5", "/x", "/-4", "/4/attachments/1", "/4/attachments/x", "/5/source", "/5/html"];
  for (const path of paths) assert.equal((await get(`/mailbox${path}`)).status, 404, path);
});

Deno.test("outside the sandbox there is no mailbox", async () => {
  const { get } = createTestConsole({ mailbox: null });
  assert.equal((await get("/mailbox")).status, 404);
  assert.doesNotMatch(await (await get("/")).text(), /mailbox/i);
});
