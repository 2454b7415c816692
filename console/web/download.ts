/** Bytes that strangers wrote, given to a browser as a file. */

/**
 * Never shown in place, never guessed at, and without any rights should a browser show it anyway.
 * `filename` may hold any character.
 */
export function download(bytes: Uint8Array, type: string, filename: string): Response {
  const plain = filename.replace(/[^A-Za-z0-9._ -]/g, "_");
  // RFC 8187 §3.2.1: attr-char is narrower than what encodeURIComponent leaves alone.
  const encoded = encodeURIComponent(filename.toWellFormed()).replace(
    /['()*!]/g,
    (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase(),
  );
  return new Response(new Uint8Array(bytes), {
    headers: {
      "Content-Type": /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : "application/octet-stream",
      "Content-Disposition": `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`,
      "Content-Security-Policy": "default-src 'none'; sandbox",
    },
  });
}
