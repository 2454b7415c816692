import assert from "node:assert/strict";
import fc from "fast-check";
import { CATALOGUE, type EventType, FAMILIES } from "./catalogue.ts";
import { type Event, event, familyOf, InvalidEventError, read, validate } from "./event.ts";
import { upcast } from "./upcast.ts";

const FIXTURES = new URL("./fixtures/", import.meta.url);

async function fixture(name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await Deno.readTextFile(new URL(name, FIXTURES)));
}

async function fixtures(): Promise<Map<string, Record<string, unknown>>> {
  const found = new Map<string, Record<string, unknown>>();
  for await (const { name } of Deno.readDir(FIXTURES)) found.set(name, await fixture(name));
  return found;
}

Deno.test("every type has a golden fixture of each of its versions, and no other", async () => {
  const wanted = Object.entries(CATALOGUE).flatMap(([type, { v }]) =>
    Array.from({ length: v }, (_, i) => `${type}.v${i + 1}.json`)
  );
  assert.deepEqual([...(await fixtures()).keys()].sort(), wanted.sort());
});

Deno.test("every golden fixture, of whatever version, is a valid event of today", async () => {
  for (const [name, stored] of await fixtures()) {
    assert.equal(`${stored.type}.v${stored.v}.json`, name);
    const valid = validate(stored);
    assert.equal(valid.v, CATALOGUE[valid.type].v, name);
    assert.ok(FAMILIES.includes(familyOf(valid.type)), name);
  }
});

Deno.test("the envelope of a golden fixture is left as it was", async () => {
  for (const stored of (await fixtures()).values()) {
    const { data: _data, v: _v, ...envelope } = stored;
    const { data: _read, v: _now, ...after } = read(stored);
    assert.deepEqual(after, envelope);
  }
});

Deno.test("event() makes the current version, and checks the data", () => {
  const envelope = { id: "019b76da-a800-7000-8000-000000000001", account: "acme", at: 1 };
  const made = event("suppression.removed", envelope, { by: "ops" });
  assert.deepEqual(made, { ...envelope, type: "suppression.removed", v: 1, data: { by: "ops" } });
  assert.throws(
    () => event("suppression.removed", envelope, { by: 7 as unknown as string }),
    InvalidEventError,
  );
});

Deno.test("an invalid event is refused with its type and field", async (t) => {
  const good = await fixture("delivery.delivered.v1.json");
  const data = good.data as Record<string, unknown>;
  const cases: [string, unknown, RegExp][] = [
    ["unknown type", { ...good, type: "delivery.teleported" }, /unknown event type delivery.telep/],
    ["no id", { ...good, id: "17" }, /delivery\.delivered: id/],
    ["no account", { ...good, account: "" }, /delivery\.delivered: account/],
    ["fractional time", { ...good, at: 1.5 }, /delivery\.delivered: at/],
    ["never recorded", { ...good, recorded: undefined }, /delivery\.delivered: recorded/],
    ["a field too many", { ...good, colour: "red" }, /delivery\.delivered: /],
    ["a wrong reply", { ...good, data: { ...data, reply: { code: 99 } } }, /data\.reply\.code/],
    ["data field missing", { ...good, data: { ...data, why: undefined } }, /data\.why/],
    ["data field too many", { ...good, data: { ...data, colour: "red" } }, /: data/],
  ];
  for (const [name, candidate, expected] of cases) {
    await t.step(name, () => {
      assert.throws(
        () => validate(candidate),
        (error) => error instanceof InvalidEventError && expected.test(error.message),
      );
    });
  }
});

Deno.test("upcast lifts step by step from any version, and leaves the newest alone", () => {
  const steps = {
    "thing.done@1": (data: Record<string, unknown>) => ({ ...data, colour: "red" }),
    "thing.done@2": ({ colour, ...rest }: Record<string, unknown>) => ({ ...rest, hue: colour }),
  };
  const stored = (v: number, data: unknown) =>
    ({ id: "x", type: "thing.done", v, data }) as unknown as Event;
  assert.deepEqual(upcast(stored(1, { n: 1 }), steps), stored(3, { n: 1, hue: "red" }));
  assert.deepEqual(upcast(stored(2, { colour: "blue" }), steps), stored(3, { hue: "blue" }));
  assert.deepEqual(upcast(stored(3, { hue: "green" }), steps), stored(3, { hue: "green" }));
});

Deno.test("upcast never changes what is stored", () => {
  const data = Object.freeze({ n: 1 });
  const stored = Object.freeze({ id: "x", type: "thing.done", v: 1, data }) as unknown as Event;
  upcast(stored, { "thing.done@1": (old) => ({ ...old, n: 2 }) });
  assert.deepEqual(stored.data as unknown, { n: 1 });
});

Deno.test("the family is what stands before the dot", () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(CATALOGUE) as EventType[]), (type) => {
      assert.ok(type.startsWith(`${familyOf(type)}.`));
    }),
  );
});
