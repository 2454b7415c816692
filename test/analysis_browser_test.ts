/** The pages of analysis, as a person uses them in Chromium, about mail that was opened and clicked. */
import assert from "node:assert/strict";
import { type Browser, type BrowserContextOptions, devices, type Page } from "playwright-core";
import { hasBrowser, launch } from "./support/browser.ts";
import { eventually, json, loaded, type Platform, startPlatform } from "./support/platform.ts";
import { playMachines, playPeople, sendWinter, startSite } from "./support/readers.ts";

interface Figures {
  total: { opened: number; clicked: number; machine: { clicked: number } };
}
interface Bounces {
  total: { soft: number; hard: number };
}

/** Logged in; what goes wrong in the browser stands in `errors`. */
async function visitor(
  browser: Browser,
  platform: Platform,
  options: BrowserContextOptions,
  errors: string[],
): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (line) => line.type() === "error" && errors.push(line.text()));
  await page.goto(`${platform.console}/login`);
  await page.fill("input[name=email]", "demo@example.com");
  await page.fill("input[name=password]", "demo");
  await page.press("input[name=password]", "Enter");
  await page.waitForURL(`${platform.console}/`);
  return page;
}

/** The cells of a line of a table, by how it begins. */
async function line(page: Page, table: string, start: string): Promise<string[]> {
  const rows = await page.locator(`${table} tr`).all();
  for (const row of rows) {
    const cells = await row.locator("th, td").allInnerTexts();
    const tidy = cells.map((cell) => cell.replaceAll(/\s+/g, " ").trim());
    if (tidy[0]?.startsWith(start)) return tidy;
  }
  throw new Error(`no line ${start} in ${await page.locator(table).first().innerText()}`);
}

/** What the browser says of a link in a frame that may open nothing. */
const isBlocked = (error: string) => /^Blocked opening .* sandboxed/.test(error);

Deno.test({
  name: "an analyst sees on what mail is read, what is clicked, what bounced, and when",
  ignore: !hasBrowser,
  async fn(t) {
    const platform = await startPlatform();
    await using site = startSite();
    const browser = await launch();
    const errors: string[] = [];
    try {
      await sendWinter(platform, site.origin);
      await playPeople(platform);
      await playMachines(platform);
      await eventually("all was read and bounced", async () => {
        const { total } = await json<Figures>(platform, "/stats");
        const bounces = await json<Bounces>(platform, "/stats/bounces");
        return total.opened === 4 && total.clicked === 2 && total.machine.clicked === 2 &&
          bounces.total.soft === 1 && bounces.total.hard === 1;
      }, 60_000);
      await loaded(platform);
      const french = await visitor(browser, platform, { locale: "fr-FR" }, errors);

      await t.step("systems and devices by browser, folded by keyboard", async () => {
        await french.click("nav >> text=Analyse");
        await french.waitForURL(`${platform.console}/analysis/technical`);
        assert.equal(await french.textContent("h1"), "Statistiques techniques");
        assert.deepEqual((await line(french, ".pivot", "Total général")).slice(0, 2), [
          "Total général",
          "4 100 %",
        ]);
        const [, total, ...cells] = await line(french, ".pivot", "Linux");
        assert.equal(total, "2 50 %");
        const [, , ...browsers] = await line(french, ".pivot", "Système");
        assert.equal(cells[browsers.indexOf("Firefox")], "2");
        assert.equal((await line(french, ".pivot", "iPhone"))[1], "1 25 %");
        const focused = () => french.evaluate("document.activeElement.textContent.trim()");
        for (let i = 0; i < 60 && await focused() !== "iOS"; i++) {
          await french.keyboard.press("Tab");
        }
        await french.keyboard.press("Enter");
        await french.waitForURL(/closed=/);
        assert.doesNotMatch(await french.innerText(".pivot"), /iPhone/);
        assert.equal((await line(french, ".pivot", "iOS"))[1], "1 25 %");
        await french.click("text=Tout déplier");
        await french.waitForSelector("text=iPhone");
      });

      await t.step("rows and columns are chosen in the form", async () => {
        await french.click("summary");
        await french.selectOption("select[name=rows] >> nth=0", "support");
        await french.selectOption("select[name=rows] >> nth=1", "");
        await french.selectOption("select[name=columns]", "");
        await french.click("text=Afficher");
        await french.waitForURL(/rows=support/);
        assert.deepEqual(await line(french, ".pivot", "Mobile"), ["Mobile", "1 25 %"]);
      });

      await t.step("bounces lead to their messages", async () => {
        await french.click("text=Rebonds");
        await french.waitForURL(/analysis\/bounces/);
        assert.deepEqual((await line(french, ".bounces", "destinataire inconnu")).slice(1), [
          "0",
          "1",
          "1",
          "50 %",
        ]);
        await french.click("[aria-label*='destinataire inconnu'] >> nth=0");
        await french.waitForURL(/\/messages\?/);
        assert.equal(await french.locator(".grid tbody tr").count(), 1);
        assert.match(await french.innerText(".grid tbody"), /bounce@example\.org/);
      });

      await t.step("the clicks of a message stand on its links", async () => {
        await french.goto(`${platform.console}/messages?recipient=desk`);
        await french.click(".grid td.subject a");
        await french.click("text=Zones chaudes");
        await french.waitForURL(/hot-zones/);
        const coats = await line(french, ".zone-table", "2. All coats");
        assert.deepEqual(coats.slice(1), ["1", "1", "0", "100 %"]);
        const link = french.frameLocator("iframe").locator("text=All coats");
        await link.waitFor();
        const mail = french.frame({ url: /hot-zones\/mail$/ })!;
        const badges: unknown = await mail.evaluate(
          "[...document.links].map((link) => getComputedStyle(link, '::after').content)",
        );
        assert.deepEqual(badges, ["none", '"100\u00a0% · 1"', "none"]);
        await link.click();
        await eventually("the link leads nowhere", async () => errors.some(isBlocked));
      });

      await t.step("reactions over time, and the hour of sending", async () => {
        await french.goto(`${platform.console}/analysis/reactions?unit=minute`);
        const main = await french.innerText("main");
        assert.match(main, /2 cliqués, la moitié en moins de \d+\smin/);
        assert.match(main, /Meilleures : \S+ \d\d h/);
        await french.click("text=Le graphique sous forme de tableau");
        const clicks = await french.locator(".chart tbody tr td:nth-child(3)").allInnerTexts();
        assert.equal(clicks.reduce((sum, text) => sum + Number(text), 0), 2);
      });

      await t.step("in English, in the dark, on a phone, and without scripts", async () => {
        const ways: BrowserContextOptions[] = [
          { locale: "en-GB", colorScheme: "dark" },
          { ...devices["iPhone 15"]!, locale: "en-GB" },
          { locale: "en-GB", javaScriptEnabled: false },
        ];
        for (const way of ways) {
          const page = await visitor(browser, platform, way, errors);
          for (
            const [path, word] of [
              ["technical", "Grand total"],
              ["bounces", "Cancelled (hard)"],
              ["reactions", "Best hour to send"],
            ]
          ) {
            await page.goto(`${platform.console}/analysis/${path}`);
            const text = await page.innerText("main");
            assert(text.includes(word!), `${path}: ${text}`);
            const beyond = await page.evaluate(
              "document.documentElement.scrollWidth - document.documentElement.clientWidth",
            );
            assert.equal(beyond, 0, `${path} is wider than the window`);
          }
          await page.goto(`${platform.console}/analysis/technical`);
          await page.click(".pivot >> text=iOS");
          await page.waitForURL(/closed=/);
          assert.doesNotMatch(await page.innerText(".pivot"), /iPhone/);
          await page.context().close();
        }
      });

      assert.deepEqual(
        errors.filter((error) => !isBlocked(error)),
        [],
        "errors in the browser's console",
      );
    } finally {
      await browser.close();
      await platform.remove();
    }
  },
});
