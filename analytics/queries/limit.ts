/** How many rows a page may have. */
import { BadQueryError } from "./port.ts";

export const MOST = 10_000;

/** @throws {BadQueryError} */
export function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) {
    throw new BadQueryError(`limit: expected a whole number from 1 to ${MOST}, got ${limit}`);
  }
}
