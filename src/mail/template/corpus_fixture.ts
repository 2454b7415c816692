/** Messages as senders really make them, for the tests. Text of one character per byte. */
import { Buffer } from "node:buffer";

const crlf = (text: string) => text.replace(/\r?\n/g, "\r\n");
const base64 = (text: string) =>
  Buffer.from(text, "latin1").toString("base64").replace(/.{76}/g, "$&\r\n");

const TOP = `From: Ann <ann@example.com>
To: bob@example.org
Bcc: eve@example.org
Subject: News
Date: Sun, 22 Nov 2026 05:36:52 +0000
Message-ID: <1@example.com>
MIME-Version: 1.0
`;

const HTML = `<!DOCTYPE html>
<html><head><title>News</title><style>a { color: red }</style></head>
<body>
<!--[if mso]>
<v:roundrect xmlns:v="urn:schemas-microsoft-com:vml" href="https://mso.example/"><w:anchorlock/>
<a href="https://hidden.example/">x</a></v:roundrect>
<![endif]-->
<!--[if !mso]><!--><a class="b" href="https://shop.example/a?b=1&amp;c=2#d">Shop</a><!--<![endif]-->
<a href='https://shop.example/two'>two</a> <a href=https://shop.example/three>three</a>
<map><area shape="rect" href="https://shop.example/two" alt="two again"></map>
<a href="mailto:ann@example.com">mail</a> <a href="tel:+331">call</a> <a href="#top">top</a>
<a href="{{unsubscribe}}">x</a> <a href="https://shop.example/%%id%%">x</a>
<img src="cid:logo">
</body>
</html>
`;
const LINKS = [
  "https://shop.example/a?b=1&c=2#d",
  "https://shop.example/two",
  "https://shop.example/three",
  "https://shop.example/two",
];

const qp = (text: string) =>
  crlf(text).replace(/[=\x80-\xff]/g, (char) => `=${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/[^\r\n]{60}(?<!=.?)(?=[^\r\n]{17})/g, "$&=\r\n");

export interface Sample {
  name: string;
  text: string;
  /** Targets of its links, in order. */
  links: readonly string[];
  /** How many pixels a copy gets. */
  pixels: number;
}

const sample = (name: string, text: string, links: readonly string[], pixels: number): Sample => ({
  name,
  text: crlf(text),
  links,
  pixels,
});

export const CORPUS: readonly Sample[] = [
  sample("text alone", `${TOP}\nhttps://shop.example/ is only text here\n`, [], 0),
  sample("html, 7bit", `${TOP}Content-Type: text/html\n\n${HTML}`, LINKS, 1),
  sample(
    "html, quoted-printable with soft breaks inside links",
    `${TOP}Content-Type: text/html; charset="UTF-8"
Content-Transfer-Encoding: quoted-printable

${qp(HTML)}`,
    LINKS,
    1,
  ),
  sample(
    "html, base64",
    `${TOP}Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: BASE64

${base64(crlf(HTML))}
`,
    LINKS,
    1,
  ),
  sample(
    "html in UTF-8, 8bit",
    `${TOP}Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 8bit

<p>\xc3\xa9t\xc3\xa9 <a href="https://shop.example/\xc3\xa9">x</a></p>\xc3\xa0
`,
    ["https://shop.example/%C3%A9"],
    1,
  ),
  sample(
    "html in ISO-8859-1, 8bit",
    `${TOP}Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: 8bit

<p>\xe9t\xe9 <a href="https://shop.example/e">x</a> <a href="https://shop.example/\xe9">y</a></body>
`,
    ["https://shop.example/e"],
    1,
  ),
  sample(
    "alternative, related, attachments, calendar",
    `${TOP}Content-Type: multipart/mixed; boundary="=_out"

preamble <a href="https://no.example/">
--=_out
Content-Type: multipart/related; boundary=rel

--rel
Content-Type: multipart/alternative;
 boundary="=_out2"

--=_out2
Content-Type: text/plain

<a href="https://no.example/">
--=_out2
Content-Type: text/html

${HTML}
--=_out2
Content-Type: text/calendar; method=REQUEST

BEGIN:VCALENDAR
--=_out2--
--rel
Content-Type: image/png
Content-ID: <logo>
Content-Transfer-Encoding: base64

aHR0cHM6Ly8=
--rel--
--=_out
Content-Type: text/html
Content-Disposition: attachment; filename="page.html"

<a href="https://no.example/">
--=_out
Content-Type: text/html; name=page.html

<a href="https://no.example/">
--=_out
Content-Type: message/rfc822

Content-Type: text/html

<a href="https://no.example/">
--=_out--
epilogue <a href="https://no.example/">
`,
    LINKS,
    1,
  ),
  sample(
    "two html parts, the last without an end",
    `${TOP}Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html

<a href="http://one.example/">
--b  
Content-Type: text/html; charset=us-ascii

<a href="http://two.example/">`,
    ["http://one.example/", "http://two.example/"],
    2,
  ),
  sample(
    "S/MIME, signed",
    `${TOP}Content-Type: multipart/signed; boundary=b; protocol="application/pkcs7-signature"

--b
Content-Type: text/html

${HTML}
--b
Content-Type: application/pkcs7-signature

x
--b--
`,
    [],
    0,
  ),
  sample(
    "signed below, html beside it",
    `${TOP}Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html

${HTML}
--b
Content-Type: multipart/signed; boundary=c

--c--
--b--
`,
    [],
    0,
  ),
  sample(
    "S/MIME, encrypted",
    `${TOP}Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\nAAAA\n`,
    [],
    0,
  ),
  sample(
    "PGP in the text",
    `${TOP}Content-Type: text/html\n\n<pre>-----BEGIN PGP SIGNED MESSAGE-----\n<a href="https://a.example/">\n`,
    [],
    0,
  ),
  sample(
    "UTF-16",
    `${TOP}Content-Type: text/html; charset=utf-16\n\n<a href="https://a.example/">\n`,
    [],
    0,
  ),
  sample(
    "no boundary",
    `${TOP}Content-Type: multipart/mixed\n\n--b\nContent-Type: text/html\n\n${HTML}`,
    [],
    0,
  ),
  sample(
    "two content types",
    `${TOP}Content-Type: text/plain\nContent-Type: text/html\n\n${HTML}`,
    [],
    0,
  ),
  sample(
    "broken base64",
    `${TOP}Content-Type: text/html\nContent-Transfer-Encoding: base64\n\nabc*defg\n`,
    [],
    0,
  ),
  sample(
    "unknown transfer encoding",
    `${TOP}Content-Type: text/html\nContent-Transfer-Encoding: x-uuencode\n\n${HTML}`,
    [],
    0,
  ),
  sample(
    "broken quoted-printable",
    `${TOP}Content-Type: text/html
Content-Transfer-Encoding: quoted-printable

=ZZ <a href="https://a.example/=3">x</a>=
=`,
    ["https://a.example/=3"],
    1,
  ),
  sample("no body", `${TOP}Content-Type: text/html\n`, [], 0),
  sample("empty body", `${TOP}Content-Type: text/html\n\n`, [], 0),
];
