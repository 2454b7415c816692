/** Which character sets can be edited byte by byte, and how they are read. */
import { decodeText, isAscii, toBytes } from "../bytes.ts";

/**
 * Sets in which the bytes of HTML's own characters (`<`, `>`, quotes, `=`) always mean those, and
 * which the platform can decode. Not among them: UTF-16 and -32, UTF-7, and those that switch
 * (ISO-2022, HZ).
 */
const EDITABLE =
  /^(us-ascii|ascii|utf-?8|iso-?8859-\d{1,2}|latin\d|windows-\d{3,4}|cp125\d|koi8-[ru]|gbk?|gb2312|gb18030|big5|shift[_-]jis|euc-(jp|kr)|ks_c_5601-1987|tis-620|macintosh)$/;

/** `charset` as the part names it; none is US-ASCII (RFC 2046 §4.1.2). */
export function isEditable(charset: string | undefined): boolean {
  return charset === undefined || EDITABLE.test(charset.toLowerCase());
}

/** Whether text outside ASCII may be read as UTF-8. */
export function isUtf8(charset: string | undefined): boolean {
  return charset === undefined || /^utf-?8$/i.test(charset);
}

/** Byte text in that set made readable; null when nobody here knows the set. */
export function decodeCharset(text: string, charset: string | undefined): string | null {
  if (isUtf8(charset) || /^(us-)?ascii$/i.test(charset!)) return decodeText(text);
  if (isAscii(text)) return text;
  try {
    return new TextDecoder(charset).decode(toBytes(text));
  } catch {
    return null;
  }
}
