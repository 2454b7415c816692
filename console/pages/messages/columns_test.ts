import assert from "node:assert/strict";
import { createTestConsole } from "../../test_console.ts";
import { messageDetail } from "../../test_data.ts";

const HOSTILE = `<b>"R,S"</b>`;

function consoleWith(fields: Record<string, string>) {
  const console = createTestConsole();
  console.data.messages["demo"] = [messageDetail({ name: "Jeanne <i>", fields })];
  return console;
}

async function page(console: ReturnType<typeof createTestConsole>, query: URLSearchParams) {
  const headers = { "accept-language": "fr" };
  const response = await console.get(`/messages?${query}`, { headers });
  assert.equal(response.status, 200);
  const text = await response.text();
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found);
  return { text, all };
}

const HEADINGS = /<th scope="col"[^>]*><a[^>]*>([^<]+)/g;
const BOXES = /<input type="checkbox" name="columns" value="([^"]+)"/g;

Deno.test("fields of the recipients shown can be added, and only what was added is shown", async () => {
  const console = consoleWith({ Ville: "Lyon", [HOSTILE]: "<script>" });
  const { all } = await page(console, new URLSearchParams());
  assert.equal(all(HEADINGS).length, 11);
  assert.deepEqual(all(BOXES), [
    "name",
    "fields.&lt;b&gt;&quot;R,S&quot;&lt;/b&gt;",
    "fields.Ville",
  ]);

  const chosen = new URLSearchParams([
    ["columns", `fields.${HOSTILE}`],
    ["columns", "name"],
    ["columns", "fields.Gone"],
    ["columns", "password"],
    ["subject", "a"],
    ["cursor", "0"],
  ]);
  const added = await page(console, chosen);
  assert.deepEqual(added.all(HEADINGS).slice(11), [
    "&lt;b&gt;&quot;R,S&quot;&lt;/b&gt;",
    "Nom affiché",
    "Gone",
  ]);
  assert.deepEqual(added.all(/<td class="added"[^>]*>([^<]*)/g), [
    "&lt;script&gt;",
    "Jeanne &lt;i&gt;",
    "",
  ]);
  assert.doesNotMatch(added.text, /<script>|<b>"/);
  // The form keeps what else was asked for, and begins at the first page.
  const form = /<details class="card filters choose-columns">.*?<\/details>/s.exec(added.text)![0];
  assert.deepEqual([...form.matchAll(/type="hidden" name="(\w+)"/g)].map(([, n]) => n), [
    "subject",
  ]);
  assert.equal([...form.matchAll(/ checked/g)].length, 3);
});

Deno.test("columns added are filtered, sorted and exported by, and kept on the way", async () => {
  const console = consoleWith({ Ville: "Lyon" });
  const query = new URLSearchParams([
    ["columns", "fields.Ville"],
    ["fields.Ville", "lyon"],
    ["sort", "fields.Ville"],
  ]);
  const { text, all } = await page(console, query);
  const narrowed = { field: "fields.Ville", operator: "contains", value: "lyon" };
  assert.deepEqual(console.asked.at(-1)!.question, {
    filter: { where: { and: [narrowed] } },
    page: { limit: 30, sort: "fields.Ville", filter: { and: [narrowed] } },
  });
  assert.match(text, /<details class="card filters" open/);
  assert.match(text, /<input type="search" name="fields.Ville" value="lyon"/);
  assert.match(text, /<input type="hidden" name="columns" value="fields.Ville"/);
  const [, back] = /aria-sort="ascending"><a href="([^"]+)"/.exec(text)!;
  const link = new URL(back!.replaceAll("&amp;", "&"), "http://x").searchParams;
  assert.deepEqual([link.get("sort"), link.get("columns"), link.get("fields.Ville")], [
    ...["-fields.Ville", "fields.Ville", "lyon"],
  ]);
  const file = all(/href="(\/api\/v1\/exports\/messages[^"]+)"/g)[0]!.replaceAll("&amp;", "&");
  const asked = new URL(file, "http://x").searchParams;
  assert.match(asked.get("columns")!, /^id,sender,.*,fields\.Ville$/);
  assert.deepEqual(JSON.parse(asked.get("filter")!), { and: [narrowed] });
  assert.deepEqual([asked.get("sort"), asked.get("fields.Ville")], ["fields.Ville", null]);
});
