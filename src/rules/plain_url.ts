/** URLs whose form is known at a glance. */

const PLAIN = /^https?:\/\/(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*(?::\d{1,4})?(?:[/?#][!-~]*)?$/i;

/**
 * Whether a text is for certain an absolute http or https URL, as it stands: a host name and
 * printable characters, the common case, told without a URL parser.
 */
export function isPlainUrl(text: string): boolean {
  return PLAIN.test(text) && !/xn--/i.test(text);
}
