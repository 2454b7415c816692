/** Mail as bytes: headers read, HTML rewritten, copies filled and signed. Pure: no clock, no I/O. */
export { HEADER_LIMIT, inspect, type Inspection } from "./inspect.ts";
export { normaliseLineEnds } from "./lines.ts";
export { type OptionsResult, parseOptions } from "./options.ts";
export { type AddressList, parseAddresses } from "./header/address.ts";
export { decodeWords } from "./header/words.ts";
