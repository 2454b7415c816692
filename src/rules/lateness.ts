/** How late a worker may tell of a hit, ms: for so long it is known when links and consents changed. */
export const MAX_LATENESS = 7 * 24 * 3_600_000;
