/** The usual answers as they go over the wire (HTTP/1.1), with the fields that the app gives them. */
import type { Language } from "../../language.ts";
import { pageParts } from "../../pages.ts";
import { type Fields, locationOf, OF_PIXEL, OF_REDIRECT, PIXEL } from "../../responses.ts";

export interface Answers {
  /** @param isLast whether the connection ends with it */
  pixel(isLast: boolean): Uint8Array;
  /** @param into where it is written, unless it is too long: then it stands in an array of its own */
  redirect(url: string, isLast: boolean, into: Uint8Array): Uint8Array;
  /** Why a link leads nowhere. */
  page(name: "not-found" | "disabled", language: Language, isLast: boolean): Uint8Array;
}

/** Reason phrases of such pages (RFC 9110 §15). */
const REASONS: Record<number, string> = { 404: "Not Found", 410: "Gone" };

const CLOSE = "connection: close\r\n";
const encoder = new TextEncoder();
/** What follows the last field. */
const END = encoder.encode("\r\n\r\n");
const CLOSING = encoder.encode(`\r\n${CLOSE}\r\n`);

/** @param now ms UTC: each answer says when it was made (RFC 9110 §6.6.1) */
export function createAnswers(now: () => number): Answers {
  const ofPixel = `HTTP/1.1 200 OK\r\n${lines(OF_PIXEL)}content-length: ${PIXEL.length}\r\n`;
  const ofRedirect = `HTTP/1.1 302 Found\r\n${lines(OF_REDIRECT)}content-length: 0\r\n`;
  let second = NaN;
  let date = "";
  let pixels: readonly [Uint8Array, Uint8Array];
  let beforeTarget: Uint8Array;

  /** What holds for a second is made once a second. */
  function renew(): void {
    const at = Math.floor(now() / 1000);
    if (at === second) return;
    second = at;
    date = `date: ${new Date(at * 1000).toUTCString()}\r\n`;
    pixels = [
      withBody(`${ofPixel}${date}\r\n`, PIXEL),
      withBody(`${ofPixel}${date}${CLOSE}\r\n`, PIXEL),
    ];
    beforeTarget = encoder.encode(`${ofRedirect}${date}location: `);
  }

  return {
    pixel(isLast) {
      renew();
      return pixels[isLast ? 1 : 0];
    },
    redirect(url, isLast, into) {
      renew();
      const location = locationOf(url);
      const start = beforeTarget.length;
      const end = start + location.length; // A location is in ASCII.
      const rest = isLast ? CLOSING : END;
      const length = end + rest.length;
      const room = length > into.length ? new Uint8Array(length) : into;
      room.set(beforeTarget);
      for (let i = 0; i < location.length; i++) room[start + i] = location.charCodeAt(i);
      room.set(rest, end);
      return room.subarray(0, length);
    },
    page(name, language, isLast) {
      renew();
      const { status, fields, html } = pageParts(name, language);
      const body = encoder.encode(html);
      return withBody(
        `HTTP/1.1 ${status} ${REASONS[status]}\r\n${lines(fields)}` +
          `content-length: ${body.length}\r\n${date}${isLast ? CLOSE : ""}\r\n`,
        body,
      );
    },
  };
}

function lines(fields: Fields): string {
  return fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
}

function withBody(head: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + body.length); // A head is in ASCII.
  encoder.encodeInto(head, bytes);
  bytes.set(body, head.length);
  return bytes;
}
