/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import fc from "fast-check";
import { formatUuid, writeOut } from "@chappe/src/events";
import { type Counted, HINTS, hitEvent, toldBy } from "./hit.ts";
import { writeHit } from "./written_hit.ts";

const letters = [...'"\\\n\0a\u2028é', "\ud800", "\u{1f600}"];
const text = fc.array(fc.constantFrom(...letters), { maxLength: 9 }).map((all) => all.join(""));
const id = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(formatUuid);
const copy = {
  account: text,
  message: id,
  rcpt: fc.nat(),
  tag: fc.constant(7n),
  mode: fc.constantFrom("date-only" as const, "full" as const),
  prepared: fc.option(fc.nat()),
  mailing: fc.constant(null),
};
const claims: fc.Arbitrary<Counted> = fc.oneof(
  fc.record({ ...copy, kind: fc.constant("open" as const) }),
  fc.record({ ...copy, kind: fc.constant("click" as const), link: fc.nat(), url: text }),
  fc.record({
    ...copy,
    kind: fc.constant("file" as const),
    link: fc.nat(),
    file: fc.nat(),
    name: fc.string(),
    told: fc.constant({ seq: 1, index: 0 }),
  }),
);
const address = fc.oneof(fc.ipV4(), fc.ipV6(), text);

Deno.test("a hit is written out as any event is, whatever stands in it", () => {
  fc.assert(
    fc.property(
      claims,
      id,
      fc.nat({ max: 8.64e15 }),
      fc.dictionary(fc.constantFrom("user-agent", ...HINTS), text),
      address,
      (claims, id, at, headers, address) => {
        const told = toldBy(claims, new Map(Object.entries(headers)), address);
        const event = hitEvent(claims, { id, at }, told);
        assert.equal(writeHit(event), writeOut(event));
      },
    ),
    { numRuns: 2000 },
  );
});
