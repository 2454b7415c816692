/** Filters of lists of messages as clients write them: JSON, in a parameter or a body. */
import {
  BadFilterError,
  FIELD_NAMES,
  type Filter,
  FILTER_LIMITS,
  OPERATORS,
  readFilter,
} from "@chappe/analytics";
import * as z from "zod";
import { momentOfText } from "./moment.ts";

const DESCRIPTION = "Conditions on any column, joined by and, or and not";

/** In a body: as it is. */
export const FilterShape = z.unknown().transform((given, context) => filterIn(given, context))
  .meta({ description: DESCRIPTION, $ref: "#/components/schemas/Filter" });

/** In a URL: as a JSON text. */
export const FilterText = z.string().max(16_000).transform((text, context) => {
  try {
    return filterIn(JSON.parse(text), context);
  } catch {
    context.issues.push({ code: "custom", message: "is not JSON", input: text });
    return z.NEVER;
  }
}).describe(`${DESCRIPTION}: JSON, see Filter`);

function filterIn(given: unknown, context: z.RefinementCtx): Filter {
  try {
    return readFilter(given, momentOfText);
  } catch (error) {
    if (!(error instanceof BadFilterError)) throw error;
    const { path, reason, message } = error;
    const inUrl = typeof context.value === "string";
    context.issues.push({
      code: "custom",
      message: inUrl ? message : reason,
      path: inUrl ? [] : [...path],
      input: given,
    });
    return z.NEVER;
  }
}

const value = { anyOf: ["string", "number", "boolean"].map((type) => ({ type })) };
const group = (name: string, inside: unknown) => ({
  type: "object",
  properties: { [name]: inside },
  required: [name],
  additionalProperties: false,
});
const self = { $ref: "#/components/schemas/Filter" };
const list = { type: "array", items: self, minItems: 1, maxItems: FILTER_LIMITS.conditions };

/** For the OpenAPI document. */
export const FILTER_SCHEMA = {
  description: `At most ${FILTER_LIMITS.conditions} conditions, nested at most ` +
    `${FILTER_LIMITS.depth} deep. Times are ISO 8601 or ms. A list is the value of in, notIn, ` +
    "between (first and last, both included); none that of isEmpty, isNotEmpty.",
  oneOf: [
    {
      type: "object",
      properties: {
        field: { anyOf: [{ enum: FIELD_NAMES }, { type: "string", pattern: "^fields\\..+$" }] },
        operator: { enum: OPERATORS },
        value: {
          anyOf: [...value.anyOf, { type: "array", items: value, maxItems: FILTER_LIMITS.list }],
        },
      },
      required: ["field", "operator"],
      additionalProperties: false,
    },
    group("and", list),
    group("or", list),
    group("not", self),
  ],
};
