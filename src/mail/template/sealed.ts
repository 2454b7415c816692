/** Signed or encrypted within the text (RFC 9580 §6.2): as untouchable as in MIME. */
export function isArmoured(text: string): boolean {
  return text.includes("-----BEGIN PGP ");
}
