/** One copy of a message per recipient, tracked and signed. */
export { createPreparer, type PreparerParts } from "./preparer.ts";
