import assert from "node:assert/strict";
import { toBytes } from "../bytes.ts";
import { compile } from "./compile.ts";
import { CORPUS } from "./corpus_fixture.ts";
import { linkPlaces } from "./link_places.ts";

const options = { alternative: true, optionsName: null };
const mail = (html: string, type = "text/html; charset=utf-8") =>
  new TextEncoder().encode(`From: a@example.com\r\nContent-Type: ${type}\r\n\r\n${html}`);

Deno.test("places count links as copies do", () => {
  for (const { name, text } of CORPUS) {
    for (const alternative of [true, false]) {
      const given = { ...options, alternative };
      const { links } = compile(toBytes(text), {
        ...given,
        opens: true,
        clicks: true,
        footer: null,
        remove: [],
        files: [],
      });
      assert.deepEqual(linkPlaces(toBytes(text), given).map(({ url }) => url), links, name);
    }
  }
});

Deno.test("each link with what it says and the block it stands in", () => {
  const html = `<html><head><title>No</title></head><body>
    <table><tr><td>Été&nbsp;: <a href="https://e.example/1">voir <b>l&#39;offre</b></a>
      et <a href="https://e.example/2"><img alt="photo"></a></td>
      <td><a href="mailto:a@e.example">mail</a><p>Second <a href="https://e.example/3">3</a></p></td>
    </tr></table><a href>none</a><a href="https://e.example/4">Outside</a></body></html>`;
  const places = linkPlaces(mail(html), options);
  assert.deepEqual(
    places.map(({ url, text, block }) => [url.at(-1), text, block!.element, block!.index]),
    [
      ["1", "voir l'offre", "td", 0],
      ["2", "photo", "td", 0],
      ["3", "3", "p", 1],
      ["4", "Outside", "body", 2],
    ],
  );
  assert.equal(places[0]!.block!.text, "Été : voir l'offre et photo");
  assert.equal(places[2]!.block!.text, "Second 3");
});

Deno.test("text in another set, no links, and documents that mean ill", () => {
  const latin = toBytes(
    "Content-Type: text/html; charset=iso-8859-1\r\n\r\n<p>d\xe9j\xe0 <a href='https://e.example/'>vu</a>",
  );
  assert.equal(linkPlaces(latin, options)[0]!.block!.text, "déjà vu");
  assert.deepEqual(linkPlaces(mail("nothing"), options), []);
  const deep = `${"<div>".repeat(20_000)}<a href="https://e.example/">${"<p>x".repeat(20_000)}`;
  const [place] = linkPlaces(mail(deep), options);
  assert(place!.text.length <= 160 && place!.block!.text.length <= 160);
});
