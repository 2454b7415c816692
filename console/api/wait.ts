/** Waiting for what follows the log. */

/** Between two looks, ms. */
const STEP = 25;

/** Waits until `holds`, for `mostMs` at the most; whether it held in the end. */
export async function within(
  mostMs: number,
  holds: () => boolean | Promise<boolean>,
): Promise<boolean> {
  for (let left = mostMs;; left -= STEP) {
    if (await holds()) return true;
    if (left <= 0) return false;
    await new Promise((resolve) => setTimeout(resolve, STEP));
  }
}
