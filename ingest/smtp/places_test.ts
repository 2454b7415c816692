import assert from "node:assert/strict";
import { createPlaces, type Seated } from "./places.ts";

const NOW = 100_000;
const session = (network: string, changes: Partial<Seated> = {}): Seated => ({
  network,
  stranger: true,
  repliedAt: NOW - 10_000,
  ...changes,
});

Deno.test("when all places are taken, the stranger that got nowhere for longest goes", () => {
  const places = createPlaces({ total: 3, perNetwork: 10 });
  const oldest = session("a", { repliedAt: NOW - 20_000 });
  const known = session("b", { stranger: false, repliedAt: 0 });
  for (const one of [session("a"), oldest, known]) assert.equal(places.enter(one, NOW), null);
  assert.equal(places.enter(session("c"), NOW), oldest);
  assert.notEqual(places.enter(session("c"), NOW), undefined);
});

Deno.test("who just came keeps its place, and who is known keeps it for good", () => {
  const places = createPlaces({ total: 2, perNetwork: 10 });
  const fresh = session("a", { repliedAt: NOW - 4_999 });
  places.enter(fresh, NOW);
  places.enter(session("a", { stranger: false, repliedAt: 0 }), NOW);
  assert.equal(places.enter(session("b"), NOW), undefined);
  assert.equal(places.enter(session("b"), NOW + 1), fresh);
});

Deno.test("a network that has all its places gets one by giving up one", () => {
  const places = createPlaces({ total: 10, perNetwork: 2 });
  const other = session("b", { repliedAt: 0 });
  const first = session("a", { repliedAt: NOW - 6_000 });
  places.enter(other, NOW);
  places.enter(first, NOW);
  places.enter(session("a", { stranger: false }), NOW);
  const second = session("a", { repliedAt: NOW });
  assert.equal(places.enter(second, NOW), first);
  assert.equal(places.enter(session("a"), NOW), undefined);
  places.leave(second);
  places.leave(second);
  assert.equal(places.enter(session("a"), NOW), null);
  assert.equal(places.enter(session("b"), NOW), null);
});
