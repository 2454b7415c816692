/** Values of options, read strictly. */
import { UsageError } from "../exit.ts";

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A whole number. @throws {UsageError} */
export function readWhole(option: string, text: string, from: number, to: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  throw new UsageError(`--${option} is a whole number from ${from} to ${to}; not "${text}"`);
}

/** A share, as `0.02` or `2%`. @throws {UsageError} */
export function readShare(option: string, text: string): number {
  const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const value = Number(digits) / (percent === "%" ? 100 : 1);
  if (value >= 0 && value <= 1) return value;
  throw new UsageError(`--${option} is a share such as 0.02 or 2%; not "${text}"`);
}

/** A time that passes, as `90s`, `10m`, `2h` or `3d`, ms. @throws {UsageError} */
export function readDuration(option: string, text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (unit !== undefined) return Number(count) * UNITS[unit as keyof typeof UNITS];
  throw new UsageError(`--${option} is a time such as 10m, 2h or 3d; not "${text}"`);
}
