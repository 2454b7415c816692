/** Keys that are part of a subject. */
const KEY = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;

/** The key itself. @throws {RangeError} where it is none */
export function checkedKey(key: string): string {
  if (!KEY.test(key)) throw new RangeError(`not a key: ${key.slice(0, 60)}`);
  return key;
}
