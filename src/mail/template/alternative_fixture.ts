/** Messages of one form and of several, and what each gains. Text of one character per byte. */
import { Buffer } from "node:buffer";

export interface FormSample {
  readonly name: string;
  readonly text: string;
  /** The form that is added; null when the message stays as it is. */
  readonly gains: "html" | "plain" | null;
  /** What must stand in the part added, as it is read. */
  readonly says?: readonly string[];
}

const crlf = (text: string) => text.replace(/\r?\n/g, "\r\n");
const base64 = (text: string) =>
  Buffer.from(text, "latin1").toString("base64").replace(/.{76}/g, "$&\r\n");

const TOP = `From: Ann <ann@example.com>
To: bob@example.org
Subject: News
Date: Sun, 22 Nov 2026 05:36:52 +0000
Message-ID: <1@example.com>
MIME-Version: 1.0
`;
const PNG = `--rel
Content-Type: image/png; name="logo.png"
Content-Disposition: inline; filename="logo.png"
Content-ID: <logo>
Content-Transfer-Encoding: base64

iVBORw0KGgo=
`;
const PDF = `--mix
Content-Type: application/pdf; name="a.pdf"
Content-Disposition: attachment; filename="a.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQK
`;
const HTML = `<html><body><h1>Hello</h1><p>See <a href="https://shop.example/a">our shop</a>.</p>
<img src="cid:logo" alt="Our logo"></body></html>
`;
const HTML_SAYS = ["Hello\n", "See our shop (https://shop.example/a).", "Our logo"];
const TEXT = "Hello,\n\nsee https://shop.example/a\n";
const TEXT_SAYS = ['<a href="https://shop.example/a">https://shop.example/a</a>', "<p>Hello,</p>"];

const sample = (
  name: string,
  text: string,
  gains: FormSample["gains"] = null,
  says: readonly string[] = [],
): FormSample => ({ name, text: crlf(TOP + text), gains, says });

const related = (body: string, more = "") =>
  `Content-Type: multipart/related; boundary=rel${more}\n\n${body}${PNG}--rel--\n`;
const mixed = (body: string, more = PDF) =>
  `Content-Type: multipart/mixed; boundary=mix\n\n${body}${more}--mix--\n`;
const alternative = (...parts: string[]) =>
  `Content-Type: multipart/alternative; boundary=alt\n\n${
    parts.map((part) => `--alt\n${part}\n`).join("")
  }--alt--\n`;

const PLAIN_PART = `Content-Type: text/plain\n\n${TEXT}`;
const HTML_PART = `Content-Type: text/html; charset=utf-8\n\n${HTML}`;
const INVITATION = "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n";
const ARMOUR = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nhello\n";

export const FORMS: readonly FormSample[] = [
  sample("text", `\n${TEXT}`, "html", TEXT_SAYS),
  sample("text, named so", PLAIN_PART, "html", TEXT_SAYS),
  sample(
    "text in UTF-8, 8bit",
    "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n\xc3\xa9t\xc3\xa9\n",
    "html",
    ["<p>été</p>"],
  ),
  sample(
    "text in UTF-8 that does not say so",
    "\n\xc3\xa9t\xc3\xa9\n",
    "html",
    ["<p>été</p>"],
  ),
  sample(
    "text in KOI8-R, base64",
    `Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64\n\n${
      base64("\xf0\xd2\xc9\xd7\xc5\xd4\r\n")
    }\n`,
    "html",
    ["<p>Привет</p>"],
  ),
  sample(
    "text in ISO-8859-15, quoted-printable",
    "Content-Type: text/plain; charset=iso-8859-15\nContent-Transfer-Encoding: quoted-printable\n\n" +
      "10 =A4 and a lo=\nng line\n",
    "html",
    ["<p>10 € and a long line</p>"],
  ),
  sample(
    "text, flowed",
    'Content-Type: text/plain; format="flowed"; delsp=Yes\n\nOne para \ngraph.\n>> quo \n>> ted\n> \n ' +
      "From here\n-- \nAnn\n",
    "html",
    ["<p>One paragraph.</p>", "<p>quoted</p>", "<p>From here<br>\n--<br>\nAnn</p>"],
  ),
  sample("html", HTML_PART, "plain", HTML_SAYS),
  sample(
    "html, quoted-printable in ISO-8859-1",
    "Content-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n" +
      "Content-Language: fr\n\n<p>=E9t=E9 &eacute;</p>\n",
    "plain",
    ["été é"],
  ),
  sample(
    "html, base64",
    `Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${
      base64(HTML)
    }\n`,
    "plain",
    HTML_SAYS,
  ),
  sample("text with attachment", mixed(`--mix\n${PLAIN_PART}`), "html", TEXT_SAYS),
  sample("html with attachment", mixed(`--mix\n${HTML_PART}`), "plain", HTML_SAYS),
  sample("attachment before the text", mixed(PDF, `--mix\n${PLAIN_PART}`), "html", TEXT_SAYS),
  sample("html with images", related(`--rel\n${HTML_PART}`), "plain", HTML_SAYS),
  sample(
    "html with images, its root not first",
    related("", `; start="<root>"`).replace(
      "--rel--",
      `--rel\nContent-ID: <root>\n${HTML_PART}--rel--`,
    ),
    "plain",
    HTML_SAYS,
  ),
  sample(
    "html with images and attachment",
    mixed(`--mix\n${related(`--rel\n${HTML_PART}`)}`),
    "plain",
    HTML_SAYS,
  ),
  sample("an alternative of html alone", alternative(HTML_PART), "plain", HTML_SAYS),
  sample(
    "html, attachment, html",
    mixed(`--mix\n${HTML_PART}${PDF}--mix\nContent-Type: text/html\n\n<p>Second</p>\n`),
    "plain",
    [...HTML_SAYS, "Second"],
  ),
  sample(
    "text with a message",
    mixed(
      `--mix\n${PLAIN_PART}--mix\nContent-Type: message/rfc822\n\nSubject: old\nContent-Type: text/html\n\n<p>old\n`,
      "",
    ),
    "html",
    TEXT_SAYS,
  ),
  sample("both", alternative(PLAIN_PART, HTML_PART)),
  sample("both, with images", alternative(PLAIN_PART, related(`--rel\n${HTML_PART}`))),
  sample("both, side by side", mixed(`--mix\n${PLAIN_PART}--mix\n${HTML_PART}`)),
  sample("both, and an invitation", alternative(PLAIN_PART, HTML_PART, INVITATION)),
  sample("text and an invitation", alternative(PLAIN_PART, INVITATION)),
  sample("html and an invitation", alternative(HTML_PART, INVITATION)),
  sample("an invitation", INVITATION),
  sample("text, then an invitation", mixed(`--mix\n${PLAIN_PART}--mix\n${INVITATION}`)),
  sample("text and richer text", alternative(PLAIN_PART, "Content-Type: text/enriched\n\nx\n")),
  sample("images alone", related("--rel\nContent-Type: text/html\n\n<img src='cid:logo'>\n")),
  sample("an attachment", PDF.replace("--mix\n", "")),
  sample("attachments", mixed(PDF)),
  sample("a text file", "Content-Disposition: attachment; filename=a.txt\n\nhello\n"),
  sample(
    "a delivery notification",
    `Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

Your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
--b--
`,
  ),
  sample(
    "a read receipt within",
    mixed(`--mix\n${PLAIN_PART}--mix\nContent-Type: message/disposition-notification\n\nx: y\n`),
  ),
  sample("a message", `Content-Type: message/rfc822\n\nSubject: inner\n\nhello\n`),
  sample(
    "a digest",
    `Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\nx\n--b--\n`,
  ),
  sample(
    "S/MIME, signed",
    `Content-Type: multipart/signed; boundary=b\n\n--b\n${PLAIN_PART}--b\nContent-Type: application/pkcs7-signature\n\nx\n--b--\n`,
  ),
  sample("S/MIME, encrypted", "Content-Type: application/pkcs7-mime\n\nAAAA\n"),
  sample(
    "PGP/MIME",
    "Content-Type: multipart/encrypted; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b--\n",
  ),
  sample("PGP in the text", `\n${ARMOUR}`),
  sample(
    "PGP in the text, base64",
    `Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n${base64(ARMOUR)}\n`,
  ),
  sample(
    "PGP in the text, quoted-printable",
    `Content-Transfer-Encoding: quoted-printable\n\n${
      ARMOUR.replace("-----BEGIN", "=2D----BEG=\nIN")
    }`,
  ),
  sample("UTF-16", "Content-Type: text/plain; charset=utf-16\n\nhello\n"),
  sample("UTF-7", "Content-Type: text/html; charset=utf-7\n\n<p>hello\n"),
  sample("a set nobody knows", "Content-Type: text/plain; charset=x-none\n\nhello\n"),
  sample("nothing to read", "\n \n\n"),
  sample("no body", ""),
  sample("html that shows nothing", "Content-Type: text/html\n\n<style>x</style><p> &nbsp;</p>\n"),
  sample("broken base64", "Content-Transfer-Encoding: base64\n\n*\n"),
  sample("unknown transfer encoding", "Content-Transfer-Encoding: x-yenc\n\nhello\n"),
  sample(
    "two encodings",
    "Content-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: 8bit\n\nhello\n",
  ),
  sample("no boundary", "Content-Type: multipart/mixed\n\n--b\n\nhello\n--b--\n"),
  sample("no part", "Content-Type: multipart/mixed; boundary=b\n\nhello\n"),
  sample("no end", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n"),
];
