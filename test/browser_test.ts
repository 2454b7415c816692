/** The pages, as a person uses them in Chromium. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import nodemailer from "nodemailer";
import { hasBrowser, launch } from "./support/browser.ts";
import { eventually, startPlatform } from "./support/platform.ts";

Deno.test({
  name: "a person logs in, reads a mail in the sandbox, clicks, and sees the numbers",
  ignore: !hasBrowser,
  async fn(t) {
    const platform = await startPlatform();
    const browser = await launch();
    // A browser without a window says so, and is then taken for a machine.
    const userAgent = `Mozilla/5.0 (X11; Linux x86_64) Chrome/${browser.version()} Safari/537.36`;
    const page = await browser.newPage({ locale: "fr-FR", userAgent });
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (line) => line.type() === "error" && errors.push(line.text()));
    const site = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      () => new Response("The target"),
    );
    const story = `http://127.0.0.1:${site.addr.port}/story`;
    try {
      const transport = nodemailer.createTransport({
        host: "127.0.0.1",
        port: platform.submission.port,
        auth: { user: "demo", pass: "demo" },
        ignoreTLS: true,
      });
      await transport.sendMail({
        from: "hello@example.com",
        to: "you@example.net",
        subject: "Bonjour <b>vous</b>",
        html: `<body><p>Hello <a href="${story}">a story</a></p></body>`,
      });

      await t.step("the login page refuses a wrong password and takes the right one", async () => {
        await page.goto(`${platform.console}/messages`);
        await page.fill("input[name=email]", "demo@example.com");
        await page.fill("input[name=password]", "wrong");
        await page.press("input[name=password]", "Enter");
        await page.waitForSelector("[role=alert]");
        await page.fill("input[name=email]", "demo@example.com");
        await page.fill("input[name=password]", "demo");
        await page.press("input[name=password]", "Enter");
        await page.waitForURL(`${platform.console}/messages`);
      });

      await t.step("the list shows the message with its French status, unharmed", async () => {
        await eventually("the message is listed as delivered", async () => {
          await page.goto(`${platform.console}/messages`);
          return (await page.textContent("tbody"))?.includes("Délivré");
        });
        const text = await page.textContent("main");
        assert.match(text!, /you@example\.net/);
        assert.match(text!, /Bonjour <b>vous<\/b>/);
      });

      await t.step("the mailbox shows the mail; its pixel loads and its link works", async () => {
        await page.goto(`${platform.console}/mailbox`);
        await page.click("text=Bonjour");
        const frame = page.frameLocator("iframe").first();
        await frame.locator("text=Hello").waitFor();
        const [target] = await Promise.all([
          page.context().waitForEvent("page"),
          frame.locator("text=a story").click(),
        ]);
        await target.waitForLoadState();
        assert.equal(target.url(), story);
        await target.close();
      });

      await t.step("a file behind a link in the mail is saved as it was attached", async () => {
        const content = Buffer.from("<script>document.title = 'run'</script>\u00e9 \u202e\0");
        await transport.sendMail({
          from: "hello@example.com",
          to: "you@example.net",
          subject: "A file",
          text: "See below",
          headers: { "X-EFIDEM-HEADERS": '{"attachments":"link"}' },
          attachments: [{ filename: "Été 1.html", content, contentType: "text/html" }],
        });
        await eventually("the mail is in the mailbox", async () => {
          await page.goto(`${platform.console}/mailbox`);
          return (await page.textContent("main"))?.includes("A file");
        });
        await page.click("text=A file");
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          page.frameLocator("iframe").first().locator("text=Été 1.html").click(),
        ]);
        assert.equal(download.suggestedFilename(), "Été 1.html");
        assert.deepEqual(await Deno.readFile(await download.path()), new Uint8Array(content));
      });

      await t.step("the message page tells the story, clicked", async () => {
        const row = page.locator("tbody tr", { hasText: "Bonjour" });
        await eventually("clicked", async () => {
          await page.goto(`${platform.console}/messages`);
          return (await row.textContent())?.includes("Cliqué");
        });
        await row.locator("a[href^='/messages/']").first().click();
        await page.waitForURL(/\/messages\/[0-9a-f-]{36}/);
        const text = await page.textContent("main");
        for (const word of ["Délivré", "Ouvert", "Cliqué", "250 2.0.0"]) {
          assert(text!.includes(word), `${word} is missing: ${text}`);
        }
      });

      await t.step("the overview counts it, by keyboard and in English too", async () => {
        await page.goto(`${platform.console}/`);
        assert.match((await page.textContent("main"))!, /Taux d.ouverture/);
        await page.keyboard.press("Tab");
        const focused = await page.evaluate("document.activeElement.textContent");
        assert.match(
          String(focused),
          /contenu/i,
          "the first stop of the Tab key skips to the content",
        );
        await page.click("button[name=lang][value=en]");
        await page.waitForSelector("text=Open rate");
      });

      assert.deepEqual(
        errors.filter((e) => !/40[13]/.test(e)),
        [],
        "errors in the browser's console",
      );
    } finally {
      await browser.close();
      await site.shutdown();
      await platform.remove();
    }
  },
});
