import assert from "node:assert/strict";
import { frameResponse, plainDocument } from "./frame.ts";

const image = {
  name: "dot.png",
  type: "image/png",
  content: new Uint8Array([1, 2, 3]),
  contentId: "dot@example.com",
  embedded: true,
};

Deno.test("a frame may run nothing, whatever the mail holds", () => {
  for (const mode of ["quiet", "working"] as const) {
    const policy = frameResponse("<script>x</script>", [], mode).headers
      .get("content-security-policy")!;
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /sandbox/);
    assert.doesNotMatch(policy, /allow-scripts|allow-same-origin|allow-forms|script-src/);
    assert.match(policy, /base-uri 'none'; form-action 'none'; frame-ancestors 'self'/);
  }
});

Deno.test("quiet loads nothing; working loads images and opens links in new tabs", () => {
  const policy = (mode: "quiet" | "working") =>
    frameResponse("", [], mode).headers.get("content-security-policy")!;
  assert.match(policy("quiet"), /img-src data:;/);
  assert.match(policy("working"), /img-src data: http: https:;/);
  assert.match(
    policy("working"),
    /sandbox allow-popups allow-popups-to-escape-sandbox allow-downloads$/,
  );
});

Deno.test("images that travel in the mail are shown; others keep their reference", async () => {
  const html =
    `<img src="cid:dot@example.com"><img src=cid:dot%40example.com><img src="cid:other">`;
  const text = await frameResponse(html, [image], "quiet").text();
  assert.equal(text.match(/data:image\/png;base64,AQID/g)?.length, 2);
  assert.match(text, /cid:other/);
});

Deno.test("an attachment cannot smuggle markup through its type", async () => {
  const hostile = { ...image, type: `image/png" onerror="alert(1)` };
  const text = await frameResponse(`<img src="cid:dot@example.com">`, [hostile], "quiet").text();
  assert.doesNotMatch(text, /onerror/);
});

Deno.test("the doctype stays first, and a broken reference breaks nothing", async () => {
  const html = `\n<!DOCTYPE html>\n<p>Hi</p><img src="cid:%E0%A4%A">`;
  const text = await frameResponse(html, [image], "quiet").text();
  assert.match(text, /^\n<!DOCTYPE html><meta charset="utf-8"><base target="_blank">/);
});

Deno.test("plain text is escaped", () => {
  assert.match(plainDocument(" <b>&\n"), /> &lt;b&gt;&amp;\n<\/body>$/);
});
