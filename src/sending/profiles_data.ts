/** When in a day mail comes, as weights of its 24 UTC hours. */
export const PROFILES = {
  flat: Array<number>(24).fill(1),
  /** People at work: eight to eighteen, with a lunch break. */
  office: [0, 0, 0, 0, 0, 1, 2, 5, 9, 10, 10, 8, 6, 8, 10, 9, 7, 4, 2, 1, 1, 0, 0, 0],
  /** A shop's orders and parcels: all day, most in the evening. */
  shop: [1, 1, 1, 1, 1, 1, 2, 3, 5, 6, 6, 6, 6, 5, 5, 5, 6, 7, 8, 9, 9, 7, 4, 2],
  /** Invoices and statements that a machine writes at night. */
  night: [0, 4, 10, 10, 6, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  /** A newsletter, all of it within an hour. */
  morning: [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
} as const satisfies Record<string, readonly number[]>;
