/** An embedded part could not be had or did not start; the message says what to do. */
export class EmbeddedError extends Error {
  override name = "EmbeddedError";
}
