import assert from "node:assert/strict";
import { linkPlaces } from "@chappe/src/mail";
import { readMail } from "../../mail/read.ts";
import { formatFor } from "../../web/format.ts";
import { heatStyle, markedMail } from "./marked_mail.ts";

const OPTIONS = { alternative: true, optionsName: "X-Options" };
const mail = (html: string) =>
  new TextEncoder().encode(`From: a@e.example\r\nContent-Type: text/html\r\n\r\n${html}`);

Deno.test("each link carries the position under which its clicks are counted", async () => {
  const raw = mail(
    '<p><a href="https://e.example/a?b=1&amp;c=2#d">One</a> <a href="mailto:x@e.example">Write</a>' +
      '<area href="https://e.example/map"> <a href="https://e.example/a">Again</a></p>',
  );
  const { html } = (await readMail(markedMail(raw, OPTIONS)))!;
  const hrefs = [...html!.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
  assert.deepEqual(hrefs, [
    "https://e.example/a?b=1&#38;c=2#d#chappe-link-0",
    "mailto:x@e.example",
    "https://e.example/map#chappe-link-1",
    "https://e.example/a#chappe-link-2",
  ]);
  assert.equal(linkPlaces(raw, OPTIONS).length, 3);
});

Deno.test("the links of a mail that is text alone are those of the HTML its copies get", async () => {
  const raw = new TextEncoder().encode("From: a@e.example\r\n\r\nSee https://e.example/a now");
  const { html } = (await readMail(markedMail(raw, OPTIONS)))!;
  assert.match(html!, /href="https:\/\/e\.example\/a#chappe-link-0"/);
});

Deno.test("the style sheet says the share of each link that was clicked, and of no other", () => {
  const link = (position: number, clicks: number, share: number) => ({
    position,
    clicks,
    share,
    recipients: clicks,
    machineClicks: 0,
    url: "https://e.example/</style><script>alert(1)</script>",
    text: "</style>",
    block: null,
  });
  const links = [link(0, 1, 0.25), link(1, 3, 0.75), link(12, 0, 0)];
  const style = heatStyle(links, formatFor("en", "UTC"));
  const contents = [...style.matchAll(/\[href\$="([^"]*)"\]::after\{content:"([^"]*)"/g)];
  assert.deepEqual(contents.map(([, link, text]) => [link, text]), [
    ["#chappe-link-1", "75% · 3"],
    ["#chappe-link-0", "25% · 1"],
  ]);
  assert.doesNotMatch(style, /</);
  assert.equal(heatStyle([], formatFor("en", "UTC")), "");
});
