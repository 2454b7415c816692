import assert from "node:assert/strict";
import fc from "fast-check";
import { LANGUAGE, NAMES } from "./fields.ts";
import { Head } from "./head.ts";
import { readHead } from "./test_front.ts";

const HOST = "Host: t.example\r\n";
const hit = (more = "", first = "GET /o/abc-_9 HTTP/1.1") => `${first}\r\n${HOST}${more}\r\n`;

Deno.test("a plain GET is read: what it asks for, what it tells, where it ends", () => {
  const text = hit(
    'User-Agent:Agent/1.0 \r\nsec-ch-ua-platform: \t"Windows"\r\nSEC-CH-UA: x\r\nCookie: a\r\n' +
      "Sec-Fetch-Dest:\r\n",
  );
  const { reading, head, length } = readHead(`${text}GET /`);
  assert.equal(reading, "open");
  const { fields, tokenStart, tokenEnd, isLast } = head;
  assert.equal(new TextDecoder().decode(head.bytes.subarray(tokenStart, tokenEnd)), "abc-_9");
  const told = Object.fromEntries(
    NAMES.map((name, field) => [name, fields.text(field)]).filter(([, value]) => value !== null),
  );
  assert.deepEqual(told, {
    "host": "t.example",
    "user-agent": "Agent/1.0",
    "sec-ch-ua-platform": '"Windows"',
    "sec-ch-ua": "x",
    "sec-fetch-dest": "",
  });
  assert.deepEqual([isLast, length], [false, text.length]);
  const click = readHead(hit("", "GET /c/x?utm=1&a=/../ HTTP/1.1"));
  assert.equal(click.reading, "click");
  assert.equal(click.head.tokenEnd - click.head.tokenStart, 1);
});

Deno.test("a request is read the same, whatever came before it", () => {
  const head = new Head();
  const lines = fc.constantFrom(
    "User-Agent: a\r\n",
    "User-Agent: b\r\n",
    "User-Agent:  \r\n",
    "Connection: close\r\n",
    "Connection: other\r\n",
    "Accept-Language: fr\r\n",
    "Accept: \0\r\n",
    "Accept: a\r\n\r\n",
    "Accept: a",
  );
  const told = (head: Head) => NAMES.map((_, field) => head.fields.text(field));
  let kept = 0;
  fc.assert(
    fc.property(fc.array(lines, { maxLength: 3 }), (some) => {
      const text = hit(some.join(""));
      const [first, again] = [readHead(text), readHead(text, head)];
      assert.equal(again.reading, first.reading);
      if (first.reading !== "open") return;
      assert.deepEqual(
        [again.length, head.isLast, told(head)],
        [first.length, first.head.isLast, told(first.head)],
      );
      if (head.fields.isKept) kept++;
    }),
    { numRuns: 3000 },
  );
  assert(kept > 100, `${kept}`);
});

Deno.test("a plain GET of what is not there is read too", () => {
  for (const path of ["/", "/wp-login.php?a=b", "/.env", "//", "/a/b.c/", "/op/x", "/healthzz"]) {
    const { reading, head } = readHead(hit("Accept-Language: fr\r\n", `GET ${path} HTTP/1.1`));
    assert.equal(reading, "nothing", path);
    assert.equal(head.fields.text(LANGUAGE), "fr");
  }
});

Deno.test("a connection ends as the client says, and always with HTTP/1.0", () => {
  const isLast = (text: string) => {
    const { reading, head } = readHead(text);
    return reading === "open" ? head.isLast : reading;
  };
  assert.equal(isLast(hit("Connection: Keep-Alive\r\n")), false);
  assert.equal(isLast(hit("connection: CLOSE\r\n")), true);
  assert.equal(isLast(hit("", "GET /o/a HTTP/1.0")), true);
  assert.equal(isLast(hit("Connection: keep-alive\r\n", "GET /o/a HTTP/1.0")), true);
  assert.equal(isLast(hit("Connection: close, x\r\n")), "other");
});

Deno.test("what is cut short is waited for, at any place, and by nothing else", () => {
  const text = hit("User-Agent: a b\tc\r\nAccept: */*\r\n");
  for (let end = 1; end < text.length; end++) {
    assert.equal(readHead(text.slice(0, end)).reading, "more", text.slice(0, end));
  }
});

Deno.test("all else is somebody else's", () => {
  const others = {
    "another method": hit("", "HEAD /o/a HTTP/1.1"),
    "another path": hit("", "GET /u/a HTTP/1.1"),
    "a path that leads elsewhere": hit("", "GET /a/../o/a HTTP/1.1"),
    "a path with something escaped": hit("", "GET /%6f/a HTTP/1.1"),
    "nothing, with a body": hit("Content-Length: 1\r\n", "GET /x HTTP/1.1"),
    "the beginning of another path": "GET /u",
    "a token of other letters": hit("", "GET /o/a=b HTTP/1.1"),
    "no token": hit("", "GET /o/ HTTP/1.1"),
    "absolute form": hit("", "GET http://t.example/o/a HTTP/1.1"),
    "another version": hit("", "GET /o/a HTTP/1.2"),
    "HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "two spaces": hit("", "GET /o/a  HTTP/1.1"),
    "an empty line before": "\r\n" + hit(),
    "no host": "GET /o/a HTTP/1.1\r\nAccept: a\r\n\r\n",
    "no fields": "GET /o/a HTTP/1.1\r\n\r\n",
    "two hosts": hit(HOST),
    "two agents": hit("User-Agent: a\r\nuser-agent: b\r\n"),
    "two addresses": hit("X-Forwarded-For: a\r\nX-FORWARDED-FOR: b\r\n"),
    "a body": hit("Content-Length: 1\r\n"),
    "no body, said": hit("content-length: 0\r\n"),
    "chunks": hit("TRANSFER-ENCODING: chunked\r\n"),
    "a wait": hit("Expect: 100-continue\r\n"),
    "another protocol": hit("Upgrade: websocket\r\n"),
    "a hop's own field": hit("Connection: x-forwarded-for\r\n"),
    "a folded line": hit("Accept: a\r\n b\r\n"),
    "a field without a name": hit(": a\r\n"),
    "a space before the colon": hit("Accept : a\r\n"),
    "a field without a colon": hit("Accept\r\n"),
    "a bare LF": hit("Accept: a\nX: b\r\n"),
    "a bare LF, and more to come": "GET /o/a HTTP/1.1\nHost: a\n",
    "a bare CR": hit("Accept: a\rX: b\r\n"),
    "a bare CR, and more to come": "GET /o/a HTTP/1.1\rHost: a",
    "a NUL": hit("Accept: a\0\r\n"),
    "a letter outside ASCII": hit("User-Agent: é\r\n"),
    "a letter cut apart": hit("User-Agent: \ufffd\r\n"),
  };
  for (const [name, text] of Object.entries(others)) {
    assert.equal(readHead(text).reading, "other", name);
  }
});

Deno.test("whatever comes: what is read ends where a head ends, in the strict form", () => {
  const text = hit("User-Agent: a\r\nAccept: b\r\n");
  const pieces = fc.constantFrom(
    "\r",
    "\n",
    "\r\n",
    "\r\n\r\n",
    "\0",
    " ",
    ":",
    "é",
    "Host: b\r\n",
  );
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(3), pieces, (at, less, piece) => {
      const given = text.slice(0, at) + piece + text.slice(at + less) + "GET /x";
      const { reading, length } = readHead(given);
      if (reading === "more" || reading === "other") return;
      const head = given.slice(0, length);
      assert.match(head, /^(?:[\t -~]+\r\n)+\r\n$/);
      assert.equal(head.match(/^host:/gim)?.length, 1);
    }),
    { numRuns: 2000 },
  );
});
