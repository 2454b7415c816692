/** Mail as bytes: headers read, HTML rewritten, copies filled and signed. No clock, no network. */
export { HEADER_LIMIT, inspect, type Inspection } from "./inspect.ts";
export { normaliseLineEnds } from "./lines.ts";
export {
  findOptionsParts,
  inspectParts,
  type OptionsPart,
  type OptionsParts,
} from "./options_part.ts";
export { MessageOptions, type OptionsResult, parseOptions } from "./options.ts";
export { type AddressList, parseAddresses } from "./header/address.ts";
export { decodeWords } from "./header/words.ts";
export {
  compile,
  type CompileOptions,
  type CopyFilling,
  type Template,
} from "./template/compile.ts";
export { type LinkPlace, linkPlaces } from "./template/link_places.ts";
export { findFiles } from "./files/find.ts";
export { decodeFile } from "./files/decode.ts";
export {
  type Algorithm,
  createNodeEngine,
  createSigningEngine,
  type SigningEngine,
  type SigningKey,
} from "./dkim/engine.ts";
export { type Part, readParts } from "./mime/parts.ts";
export { generateDkimKey, type NewDkimKey } from "./dkim/generate.ts";
export { sign, type Signer } from "./dkim/sign.ts";
