/** Sizes shared by all that is packed. */

/**
 * Bytes in one commit. A server takes messages of 1 MiB unless told otherwise; headers count.
 */
export const PACK_BYTES = 1024 * 1024 - 8 * 1024;

/** Bytes that may wait for commits, per kind, before more is refused. */
export const WAITING_BYTES = 64 * 1024 * 1024;
