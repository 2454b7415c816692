/** One copy of a message per recipient, tracked and signed. */
export { withConsent } from "./consent.ts";
export { createPreparer, type PreparerParts } from "./preparer.ts";
