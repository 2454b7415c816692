/** What a sender tells of its recipients, from the request to lists, groups and files. */
import assert from "node:assert/strict";
import * as XLSX from "@e965/xlsx";
import { hasBrowser, launch } from "./support/browser.ts";
import { received } from "./support/mailbox.ts";
import { loaded, type Platform, startPlatform } from "./support/platform.ts";
import { type Line, recount } from "./support/recount.ts";

const HOSTILE = `'R,S' "\\ {p0:String} ? 🚀`;
const PEOPLE = [
  { email: "ann@example.net", name: "Ann", fields: { Ville: "Lyon 7ᵉ", [HOSTILE]: "a'b\\" } },
  { email: "bob@example.net", fields: { Ville: "Paris", [HOSTILE]: "\t\0" } },
  { email: "carl@example.net", name: "Été", fields: { Ville: "lyon", Code: "" } },
  { email: "dora@example.net" },
];

interface Item {
  recipient: string;
  name: string | null;
  fields: Record<string, string>;
}
interface Page {
  items: Item[];
  next: string | null;
}

function request(platform: Platform, path: string, body?: unknown): Promise<Response> {
  return fetch(`${platform.console}/api/v1${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: "Bearer demo-key", "content-type": "application/json" },
    ...body === undefined ? {} : { body: JSON.stringify(body) },
  });
}

async function json<T>(platform: Platform, path: string, body?: unknown): Promise<T> {
  const response = await request(platform, path, body);
  assert(response.ok, `${path}: ${response.status} ${await response.clone().text()}`);
  return await response.json() as T;
}

const query = (parameters: Record<string, string>) => String(new URLSearchParams(parameters));
const short = ({ recipient }: { recipient: string }) => recipient.split("@")[0];

async function onPage(platform: Platform): Promise<void> {
  const browser = await launch();
  const page = await browser.newPage({ locale: "fr-FR" });
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  try {
    await page.goto(`${platform.console}/messages?sort=recipient`);
    await page.fill("input[name=email]", "demo@example.com");
    await page.fill("input[name=password]", "demo");
    await page.press("input[name=password]", "Enter");
    await page.waitForSelector("tbody tr");
    await page.press("text=Personnaliser", "Enter");
    await page.press("label:has-text('Ville') input", "Space");
    await page.press("label:has-text('Nom affiché') input", "Space");
    await page.press("button:has-text('Afficher')", "Enter");
    await page.waitForSelector("th:has-text('Ville')");
    const cells = () => page.locator("td.added").allTextContents();
    assert.deepEqual(await cells(), ["Ann", "Lyon 7ᵉ", "", "Paris", "Été", "lyon", "", ""]);
    await page.press("summary:has-text('Filtres')", "Enter");
    await page.fill("input[name='fields.Ville']", "LYON");
    await page.press("input[name='fields.Ville']", "Enter");
    await page.waitForURL(/LYON/);
    assert.deepEqual(await cells(), ["Ann", "Lyon 7ᵉ", "Été", "lyon"]);
    await page.press("th:has-text('Ville') a", "Enter");
    await page.waitForURL(/sort=fields.Ville/);
    assert.deepEqual(await cells(), ["Ann", "Lyon 7ᵉ", "Été", "lyon"]);
    const link = await page.getAttribute("a:has-text('JSONL')", "href");
    const file = await page.request.get(`${platform.console}${link}`);
    const rows = (await file.text()).trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(rows.map((row) => [row.recipient, row["fields.Ville"]]), [
      ["ann@example.net", "Lyon 7ᵉ"],
      ["carl@example.net", "lyon"],
    ]);
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
  }
}

Deno.test("recipients' own fields are columns of lists, groups and files", async (t) => {
  const platform = await startPlatform();
  const [ann, bob, carl, dora] = PEOPLE;
  const mail = { from: "shop@example.com", subject: "Fields", text: "Hello" };
  try {
    const { id } = await json<{ id: string }>(platform, "/messages", {
      ...mail,
      to: [ann, bob],
      cc: [carl],
      bcc: [dora],
    });
    await loaded(platform);
    const list = (parameters: Record<string, string>) =>
      json<Page>(platform, `/messages/${id}/recipients?${query(parameters)}`);

    await t.step("each item has what the log has", async () => {
      const exported = await platform.chappe("log", "export", "--account=demo");
      const lines = exported.trim().split("\n").map((line) => JSON.parse(line) as Line);
      const wanted = recount(lines, () => false)
        .map(({ recipient, name, fields }) => ({ recipient, name, fields }));
      assert.deepEqual(
        wanted,
        PEOPLE.map(({ email, name = null, fields = {} }) => ({ recipient: email, name, fields })),
      );
      for (const path of [`/messages/${id}/recipients`, "/messages?sort=recipient"]) {
        const { items } = await json<Page>(platform, path);
        const told = items.map(({ recipient, name, fields }) => ({ recipient, name, fields }));
        assert.deepEqual(told, wanted);
      }
    });

    await t.step("which fields there are", async () => {
      assert.deepEqual(await json(platform, `/messages/${id}/fields`), {
        items: [
          { name: HOSTILE, copies: 2 },
          { name: "Code", copies: 0 },
          { name: "Ville", copies: 3 },
        ],
      });
      assert.equal((await request(platform, "/campaigns/none/fields")).status, 404);
    });

    await t.step("filtered, as by a look at each", async () => {
      const cases: [string, string, unknown, string[]][] = [
        ["fields.Ville", "contains", "LYON", ["ann", "carl"]],
        ["fields.Ville", "eq", "lyon", ["carl"]],
        ["fields.Ville", "ne", "lyon", ["ann", "bob", "dora"]],
        ["fields.Ville", "in", ["Paris", "lyon"], ["bob", "carl"]],
        ["fields.Code", "isEmpty", undefined, ["ann", "bob", "carl", "dora"]],
        [`fields.${HOSTILE}`, "eq", "a'b\\", ["ann"]],
        [`fields.${HOSTILE}`, "eq", "\t\0", ["bob"]],
        [`fields.${HOSTILE}`, "startsWith", "a'", ["ann"]],
        ["name", "eq", "Été", ["carl"]],
        ["name", "isEmpty", undefined, ["bob", "dora"]],
      ];
      for (const [field, operator, value, expected] of cases) {
        const filter = JSON.stringify({ field, operator, value });
        assert.deepEqual((await list({ filter })).items.map(short), expected, filter);
      }
    });

    await t.step("sorted, page by page", async () => {
      for (
        const [sort, order] of [
          ["fields.Ville", "dora ann bob carl"],
          ["-fields.Ville", "carl bob ann dora"],
          [`-fields.${HOSTILE}`, "ann bob carl dora"],
          ["-name", "carl ann bob dora"],
        ] as const
      ) {
        const found: Item[] = [];
        for (let cursor: string | null = ""; cursor !== null;) {
          const page: Page = await list({ sort, limit: "1", cursor });
          found.push(...page.items);
          cursor = page.next;
        }
        assert.equal(found.map(short).join(" "), order, sort);
      }
    });

    await t.step("grouped, with a filter for each group", async () => {
      const filter = { field: "recipient", operator: "ne", value: bob!.email };
      const asked = { filter, groupBy: "fields.Ville", sort: "key" };
      const { items } = await json<{ items: { key: string; count: number; filter: unknown }[] }>(
        platform,
        "/messages/groups",
        asked,
      );
      assert.deepEqual(items.map(({ key, count }) => [key, count]), [
        [null, 1],
        ["Lyon 7ᵉ", 1],
        ["lyon", 1],
      ]);
      const { items: found } = await json<Page>(platform, "/messages/search", {
        filter: items[1]!.filter,
      });
      assert.deepEqual(found.map(short), ["ann"]);
    });

    await t.step("as files, with the columns chosen", async () => {
      const columns = `recipient,fields.Ville,"fields.${HOSTILE.replaceAll('"', '""')}",name`;
      const filter = JSON.stringify({ field: "fields.Ville", operator: "isNotEmpty" });
      const asked = { message: id, columns, filter, sort: "-fields.Ville" };
      const csv = await request(
        platform,
        `/exports/recipients?${query({ ...asked, format: "csv" })}`,
      );
      const [head, first] = (await csv.text()).split("\r\n");
      assert.equal(head, `recipient,fields.Ville,"fields.${HOSTILE.replaceAll('"', '""')}",name`);
      assert.equal(first, "carl@example.net,lyon,,Été");
      const xlsx = await request(
        platform,
        `/exports/recipients?${query({ ...asked, format: "xlsx" })}`,
      );
      const book = XLSX.read(await xlsx.bytes());
      const rows = XLSX.utils.sheet_to_json<string[]>(book.Sheets["recipients"]!, { header: 1 });
      assert.deepEqual(rows.map((row) => row[1]), ["fields.Ville", "lyon", "Paris", "Lyon 7ᵉ"]);
      assert.deepEqual(rows[3], [ann!.email, "Lyon 7ᵉ", "a'b\\", "Ann"]);
      const groups = await request(
        platform,
        `/exports/groups?${query({ groupBy: "fields.Ville", sort: "key", format: "jsonl" })}`,
      );
      assert.deepEqual(
        (await groups.text()).trim().split("\n").map((line) => JSON.parse(line)),
        [null, "Lyon 7ᵉ", "Paris", "lyon"].map((key) => ({ "fields.Ville": key, count: 1 })),
      );
    });

    await t.step({
      name: "on the page, by keyboard: added, narrowed, and in the file",
      ignore: !hasBrowser,
      fn: () => onPage(platform),
    });

    await t.step("in SQL, and in no copy", async () => {
      const { rows } = await json<{ rows: unknown[][] }>(platform, "/sql", {
        query: "SELECT name, fields['Ville'] AS city FROM messages WHERE message = {id:UUID} " +
          "ORDER BY recipient",
        parameters: { id },
      });
      assert.deepEqual(rows, [["Ann", "Lyon 7ᵉ"], ["", "Paris"], ["Été", "lyon"], ["", ""]]);
      const raw = await received(platform, ann!.email);
      assert.match(raw, /^To: Ann <ann@example\.net>/m);
      assert.doesNotMatch(raw, /Lyon|Ville/);
    });
  } finally {
    await platform.remove();
  }
});
