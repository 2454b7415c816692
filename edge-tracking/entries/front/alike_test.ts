/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { type NewEvent, uuidv7 } from "@chappe/src/events";
import { mintToken } from "@chappe/src/rules";
import { createEdge } from "../../app.ts";
import {
  CLICK,
  compare,
  converse,
  DISABLED,
  get,
  HOST,
  KEY,
  LEAVE,
  LINK,
  OFF,
  OPEN,
  PAGE,
  PIXEL,
  plain,
  readHead,
} from "./test_front.ts";

Deno.test("whatever is asked, the answer is that of the runtime's server, and so is what is recorded", async () => {
  const form = "List-Unsubscribe=One-Click";
  const typed = "Content-Type: application/x-www-form-urlencoded\r\n";
  const post = (more: string, body: string) =>
    `POST /u/${LEAVE} HTTP/1.1\r\n${HOST}${typed}${more}\r\n${body}`;
  const requests: Record<string, string> = {
    "pixel": PIXEL,
    "link": LINK,
    "query": get(`/c/${CLICK}?url=https://evil.example/`),
    "page": PAGE,
    "nothing": get("/"),
    "robots": get("/robots.txt"),
    ...Object.fromEntries(
      [
        ...[
          "/.env",
          "/favicon.ico?v=2",
          "/O/a",
          "/o",
          "/o/",
          "/o/a/b",
          "/u",
          "/c?/o/a",
          "/robots.txt/",
        ],
        ...["/healthz", "/healthz/", "/healthzz", "/intake", "/..", "/a/./b", "/a:b@c/(d)!"],
        ...[`//o/${OPEN}`, `/./o/${OPEN}`, `/a/../o/${OPEN}`, `/%6f/${OPEN}`, `/o%2f${OPEN}`],
        ...[`/\\o/${OPEN}`, `/a#/o/${OPEN}`, `/o/${OPEN}/`, `/o/${OPEN}?a#b`, `/f/${OPEN}`, "/f/a"],
      ].map((path) => [path, get(path)]),
    ),
    "nothing, in French": get("/x", "Accept-Language: fr-CA, en;q=0.8\r\n"),
    "nothing, and nothing more": get("/x", "Connection: close\r\n") + PIXEL,
    "not ours": get(`/c/${CLICK.slice(1)}`),
    "not ours, in French": get(`/c/${CLICK.slice(1)}`, "accept-language: fr\r\n"),
    "disabled": get(`/c/${DISABLED}`),
    "disabled, opened": get(`/o/${mintToken({ ...OFF, kind: "open" }, KEY)}`),
    "of another kind": get(`/o/${CLICK}`),
    "HEAD": LINK.replace("GET", "HEAD"),
    "OPTIONS": LINK.replace("GET", "OPTIONS"),
    "PUT": PIXEL.replace("GET", "PUT"),
    "unsubscribe": post(`Content-Length: ${form.length}\r\n`, form),
    "unsubscribe in chunks": post(
      "Transfer-Encoding: chunked\r\n",
      `${form.length.toString(16)}\r\n${form}\r\n0\r\n\r\n`,
    ),
    "close": get(`/o/${OPEN}`, "Connection: close\r\n"),
    "HTTP/1.0": PIXEL.replace("HTTP/1.1", "HTTP/1.0"),
    "absolute form": get(`http://t.example/o/${OPEN}`),
    "no host": `GET /o/${OPEN} HTTP/1.1\r\nAccept: a\r\n\r\n`,
    "two hosts": get(`/o/${OPEN}`, "Host: u.example\r\n"),
    "two agents": get(`/o/${OPEN}`, "User-Agent: b\r\n"),
    "Latin letters": get(`/o/${OPEN}`, "Accept-Language: é\r\n"),
    "folded line": get(`/o/${OPEN}`, "Accept: a\r\n b\r\n"),
    "bare LF": PIXEL.replaceAll("\r", ""),
    "bare CR": PIXEL.replace("\r\nUser", "\rUser"),
    "NUL": get(`/o/${OPEN}`, "Accept: \0\r\n"),
    "space before the colon": get(`/o/${OPEN}`, "Accept : a\r\n"),
    "another version": PIXEL.replace("HTTP/1.1", "HTTP/1.2"),
    "upgrade": get(`/o/${OPEN}`, "Connection: Upgrade\r\nUpgrade: websocket\r\n"),
    "long token": get(`/c/${"A".repeat(10_000)}`),
    "long field": get(`/o/${OPEN}`, `Cookie: ${"a".repeat(10_000)}\r\n`),
    "length and chunks": post(
      "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
      `0\r\n\r\n${PIXEL}`,
    ),
    "two lengths": post("Content-Length: 4\r\nContent-Length: 5\r\n", "abcde"),
    "odd length": post("Content-Length: +4\r\n", `abcd`),
    "odd chunks": post("Transfer-Encoding: chunked, x\r\n", `0\r\n\r\n${PIXEL}`),
    "hidden length": get(`/o/${OPEN}`, `Content-Length\t: ${LINK.length}\r\n`) + LINK,
    "body of a GET": get(`/o/${OPEN}`, `Content-Length: 5\r\nConnection: close\r\n`) + "hello" +
      LINK,
    "two hits": PIXEL + LINK,
    "a hit and a page": LINK + PAGE,
    "nonsense": "\x16\x03\x01\x02\0\x01\0",
    "half a request": PIXEL.slice(0, -2),
    "nothing at all": "",
  };
  await compare(async (front, events, alone, aloneEvents) => {
    for (const [name, request] of Object.entries(requests)) {
      assert.deepEqual(
        plain(await converse(front, request)),
        plain(await converse(alone, request)),
        name,
      );
      const told = (all: NewEvent[]) =>
        all.map(({ id: _, at: __, ...event }) => ({
          ...event,
          data: { ...event.data as Record<string, unknown>, sinceSent: null },
        }));
      assert.deepEqual(told(events), told(aloneEvents), name);
    }
    assert(events.length > 10);
  });
});

Deno.test("whatever the app has an answer to is not taken for nothing", () => {
  const files = { open: () => Promise.resolve("gone" as const) };
  const confirm = () => Promise.resolve(true);
  const never = () => false;
  const app = createEdge({
    ...{ keyOf: () => undefined, withdrawn: never, disabled: never, record: () => {} },
    ...{ now: Date.now, newId: uuidv7, files, confirm },
  });
  app.get("/intake", (c) => c.text("as the entry adds it"));
  const paths = app.routes.map(({ path }) =>
    path.replace(/:route\{\[(\w)\w*\]\}/, "$1").replace(":token", "a")
  );
  assert(paths.length > 8);
  for (const path of paths) {
    const { reading } = readHead(get(path));
    assert(["other", "open", "click"].includes(reading), path);
  }
});
