/** Files that strangers attached, given to the readers of a message: saved, never shown in place. */
import type { Claims } from "./hit.ts";
import { type Fields, respond, UNSEEN } from "./responses.ts";

export interface OpenedFile {
  /** Media type: a stranger's word. */
  type: string;
  /** Bytes that will come. */
  size: number;
  /** To be read to the end, or cancelled. */
  bytes: ReadableStream<Uint8Array>;
}

/** What the core tells a worker of a file that it does not get: a status. */
export const NO_FILE = { gone: 410, later: 503 } as const;

/** Where the files are. */
export interface FileSource {
  /**
   * `gone`: no longer kept. `later`: out of reach for now.
   * @param token by which it is asked for
   */
  open(claims: Claims<"file">, token: string): Promise<OpenedFile | "gone" | "later">;
}

/** @param name as it was signed; `bytes` null for the header alone */
export function fileResponse(
  name: string,
  { type, size, bytes }: Omit<OpenedFile, "bytes"> & { bytes: OpenedFile["bytes"] | null },
): Response {
  return respond(bytes, [
    ...FIELDS,
    ["content-type", servedType(type)],
    ["content-length", String(size)],
    ["content-disposition", disposition(name)],
  ]);
}

const FIELDS: Fields = [
  ...UNSEEN,
  // Should a browser show it after all, it has no rights and no origin.
  ["content-security-policy", "default-src 'none'; sandbox"],
  ["cross-origin-resource-policy", "same-origin"],
  ["referrer-policy", "no-referrer"],
  ["x-robots-tag", "noindex, nofollow"],
];

/** Types that no browser runs anything from; documents of offices are named by their makers. */
const PASSIVE =
  /^(text\/(plain|csv|calendar)|image\/(avif|bmp|gif|heic|jpeg|png|tiff|webp)|(audio|video|font)\/[\w.+-]+|message\/rfc822|application\/(pdf|zip|gzip|json|rtf|msword|epub\+zip|vnd\.(ms-(excel|powerpoint|outlook)|openxmlformats-officedocument|oasis\.opendocument)[\w.+-]*))$/;

export function servedType(type: string): string {
  return PASSIVE.test(type) ? type : "application/octet-stream";
}

/** RFC 6266, for programs that know RFC 8187 and for those that do not. */
function disposition(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9._ -]/gu, "_");
  const encoded = encodeURIComponent(name).replace(
    /['()*!]/g,
    (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase(),
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
