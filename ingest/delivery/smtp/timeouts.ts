/** How long each phase may take, ms (RFC 5321 §4.5.3.2 asks for more; idle servers are not worth it). */

export interface Timeouts {
  readonly connect: number;
  /** From the connection to the 220. */
  readonly greeting: number;
  /** For the reply to any command, and for the TLS handshake. */
  readonly command: number;
  /** For each piece of the message to be taken by the network. */
  readonly content: number;
  /** For the reply to the final dot: the server may be filtering (§4.5.3.2.6). */
  readonly endOfData: number;
}

export const TIMEOUTS: Timeouts = {
  connect: 30_000,
  greeting: 60_000,
  command: 60_000,
  content: 180_000,
  endOfData: 600_000,
};
