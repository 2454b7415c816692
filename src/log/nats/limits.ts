/** Sizes shared by all that is packed. */

/** What a server must take in one message: what it does unless told otherwise. */
export const SERVER_BYTES = 1024 * 1024;

/** Bytes in one commit; headers count towards the message too. */
export const PACK_BYTES = SERVER_BYTES - 8 * 1024;

/** Bytes that may wait for commits, per kind, before more is refused. */
export const WAITING_BYTES = 64 * 1024 * 1024;
