/**
 * What becomes of a message on its way out, with real clients: both forms, the link to unsubscribe,
 * the header fields of lists, the options' file, and mail that must not be touched.
 */
import assert from "node:assert/strict";
import nodemailer from "nodemailer";
import PostalMime from "postal-mime";
import { links, received } from "./support/mailbox.ts";
import { eventually, startPlatform } from "./support/platform.ts";

const PYTHON = `
import smtplib, ssl, sys
from email.message import EmailMessage
mail = EmailMessage()
mail["From"], mail["To"], mail["Subject"] = "ann@example.com", sys.argv[2], "Options in a file"
mail.set_content("Hello,\\n\\nsee https://shop.example/a\\n")
mail.add_attachment(b'{"billingCode": "b7", "listUnsubscribe": "header-and-footer"}', maintype="application", subtype="json", filename="X-EFIDEM-HEADERS.json")
mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="a.pdf")
with smtplib.SMTP("127.0.0.1", int(sys.argv[1])) as smtp:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    smtp.starttls(context=context)
    smtp.login("demo", "demo")
    smtp.send_message(mail)
`;

async function run(command: string, args: string[]): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args }).output();
  assert(success, new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr));
}

async function has(command: string): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args: ["--version"] }).output()).success;
  } catch {
    console.log(`outgoing_test: ${command} is not installed, its part is left out`);
    return false;
  }
}

const fieldOf = (raw: string, name: string) =>
  new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, "mi").exec(raw.split("\r\n\r\n")[0]!)?.[1];

Deno.test("what becomes of messages on their way out", async (t) => {
  const platform = await startPlatform();
  const { port } = platform.submission;
  const transport = nodemailer.createTransport({
    host: "127.0.0.1",
    port,
    auth: { user: "demo", pass: "demo" },
    tls: { rejectUnauthorized: false },
  });
  const from = "ann@example.com";
  try {
    await t.step({
      name: "text by swaks gains html, with pixel and tracked links",
      ignore: !await has("swaks"),
      async fn() {
        const to = "text@example.net";
        await run("swaks", [
          ...["--server", "127.0.0.1", "--port", `${port}`, "--tls"],
          ...["--auth-user", "demo", "--auth-password", "demo"],
          ...["--from", from, "--to", to],
          ...["--body", "Hello,\n\nsee https://shop.example/a now.\n"],
        ]);
        const raw = await received(platform, to);
        const mail = await PostalMime.parse(raw);
        assert.match(mail.text!, /see https:\/\/shop\.example\/a now\./);
        const [click] = links(raw, "c");
        assert(mail.html!.includes(`<a href="${click}">https://shop.example/a</a> now.`));
        assert.equal(links(raw, "o").length, 1);
        const response = await fetch(click!, { redirect: "manual" });
        await response.body?.cancel();
        assert.equal(response.headers.get("location"), "https://shop.example/a");
      },
    });

    await t.step("html by nodemailer gains text; one click takes the recipient off", async () => {
      const to = "html@example.net";
      const html = '<h1>Été</h1><p><a href="https://shop.example/b">Shop</a></p>' +
        '<p><a href="{{unsubscribe}}">Stop</a></p>';
      await transport.sendMail({ from, to, subject: "x", html });
      const raw = await received(platform, to);
      const mail = await PostalMime.parse(raw);
      const list = fieldOf(raw, "List-Unsubscribe")!;
      const [, page] = /^<(http[^>]+)>,\s+<mailto:u-[a-z2-7]+@[^>]+\?subject=unsubscribe>$/.exec(
        list,
      )!;
      assert.equal(fieldOf(raw, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
      assert.match(fieldOf(raw, "Feedback-ID")!, /^-:demo:relay:[a-z0-9]{1,15}$/);
      assert(mail.html!.includes(`<a href="${page}">Stop</a>`));
      assert.match(
        mail.text!.replace(/\s+/g, " "),
        /^Été Shop \(https:\/\/shop\.example\/b\) Stop \(http/,
      );
      const signed = fieldOf(raw, "DKIM-Signature")!.replace(/\s+/g, "").toLowerCase();
      for (const name of ["list-unsubscribe", "list-unsubscribe-post", "feedback-id"]) {
        assert(signed.includes(`:${name}:${name}`), `${name} is signed, and once more`);
      }
      const answer = await fetch(page!, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "List-Unsubscribe=One-Click",
      });
      await answer.body?.cancel();
      assert.equal(answer.status, 200);
      await eventually("the recipient is unsubscribed", async () => {
        const response = await platform.api(`/messages?recipient=${to}`);
        return (await response.json()).items[0]?.status === "unsubscribed";
      });
    });

    await t.step({
      name: "text, options in a file and an attachment by Python's smtplib",
      ignore: !await has("python3"),
      async fn() {
        const to = "python@example.net";
        await run("python3", ["-c", PYTHON, `${port}`, to]);
        const raw = await received(platform, to);
        const mail = await PostalMime.parse(raw);
        assert.deepEqual(mail.attachments.map(({ filename }) => filename), ["a.pdf"]);
        assert(!raw.includes("billingCode"));
        assert.match(fieldOf(raw, "Feedback-ID")!, /^b7:demo:relay:/);
        const [page] = links(fieldOf(raw, "List-Unsubscribe")!, "u");
        assert(mail.text!.includes(`: ${page}`), "a link at the end of the text");
        assert(mail.html!.includes(`<a href="${page}"`), "and of the html added");
      },
    });

    await t.step("signed mail arrives byte for byte, under header fields of ours", async () => {
      const to = "signed@example.net";
      const body =
        '--b\r\nContent-Type: text/html\r\n\r\n<a href="https://a.example/">{{unsubscribe}}' +
        "</a>\r\n--b\r\nContent-Type: application/pkcs7-signature\r\n\r\nx\r\n--b--\r\n";
      await transport.sendMail({
        envelope: { from, to },
        raw: `From: ${from}\r\nTo: ${to}\r\nSubject: x\r\nMIME-Version: 1.0\r\n` +
          `Content-Type: multipart/signed; boundary=b\r\n\r\n${body}`,
      });
      const raw = await received(platform, to);
      assert.equal(raw.slice(raw.indexOf("\r\n\r\n") + 4), body);
      assert(fieldOf(raw, "List-Unsubscribe") !== undefined);
    });
  } finally {
    transport.close();
    await platform.remove();
  }
});
