import assert from "node:assert/strict";
import * as z from "zod";
import { MessagesQuery, readQuery } from "../../api/parameters.ts";
import { addedColumns } from "./added_columns.ts";
import { exportPath, firstPage, nextPage, previousPage, readPageQuery } from "./query.ts";

const FileQuery = MessagesQuery.extend({ columns: z.array(z.string()) });
const read = (link: string) => new URL(link, "http://x").searchParams;

Deno.test("forward and back again leads over the same pages", () => {
  const start = new URLSearchParams("subject=a&sort=-sentAt");
  assert.equal(previousPage(start), null);
  const second = read(nextPage(start, "c2"));
  const third = read(nextPage(second, "c3"));
  assert.equal(third.get("cursor"), "c3");
  const back = read(previousPage(third)!);
  assert.equal(back.get("cursor"), "c2");
  assert.equal(back.get("subject"), "a");
  assert.equal(previousPage(back), "/messages?subject=a&sort=-sentAt");
});

Deno.test("a cursor without a way back leads to the first page", () => {
  assert.equal(previousPage(new URLSearchParams("cursor=c9&type=to")), "/messages?type=to");
});

Deno.test("the way back has an end", () => {
  let parameters = new URLSearchParams();
  for (let i = 0; i < 100; i++) parameters = read(nextPage(parameters, `cursor-${i}`));
  assert(parameters.toString().length < 1000);
  assert.equal(firstPage(parameters), "/messages");
});

Deno.test("times of the form are the reader's; those of links stay as they are", () => {
  const form = readPageQuery(new URLSearchParams("from=2026-07-01T08:00&to="), "Europe/Paris");
  assert.equal(form.from, Date.parse("2026-07-01T06:00Z"));
  assert.equal(form.limit, 30);
  const link = readPageQuery(new URLSearchParams("from=2026-07-01T08:00:00Z&limit=50"), "UTC");
  assert.equal(link.from, Date.parse("2026-07-01T08:00Z"));
  assert.equal(link.limit, 50);
});

Deno.test("the export has the list's filters and sort, whole, its times without a zone", () => {
  const list = new URLSearchParams(
    "subject=a&from=2026-07-01T08:00&sort=-sentAt&limit=30&cursor=c&trail=b",
  );
  const asked = read(exportPath(list, "Europe/Paris", { format: "xls" }));
  assert.deepEqual(Object.fromEntries(asked), {
    subject: "a",
    from: String(Date.UTC(2026, 6, 1, 6)),
    sort: "-sentAt",
    format: "xls",
  });
});

Deno.test("added columns stay out of the question; what narrows them is a filter", () => {
  const filter = JSON.stringify({ field: "opened", operator: "eq", value: true });
  const hostile = `fields.a,"b`;
  const page = new URLSearchParams([
    ...["name", hostile, "fields.", "password"].map((column) => ["columns", column]),
    ["filter", filter],
    ["fields.Ville", "lyon"],
    ["name", ""],
    ["sort", `-${hostile}`],
  ]);
  const narrowed = { field: "fields.Ville", operator: "contains", value: "lyon" };
  const question = readPageQuery(page, "UTC");
  assert.deepEqual(question, {
    filter: { and: [JSON.parse(filter), narrowed] },
    sort: `-${hostile}`,
    limit: 30,
  });
  assert.deepEqual(addedColumns(page), ["name", hostile, "fields.Ville"]);

  const file = readQuery(read(exportPath(page, "UTC", {})), FileQuery);
  assert.deepEqual(file.filter, question.filter);
  assert.deepEqual(file.columns.slice(-2), [hostile, "fields.Ville"]);
  assert(file.columns.includes("clickedAt"));
  const plain = read(exportPath(new URLSearchParams("columns=name"), "UTC", {}));
  assert.deepEqual([...plain.keys()], []);
  assert.throws(() => readPageQuery(new URLSearchParams("filter={&name=a"), "UTC"), /filter/);
});
