import assert from "node:assert/strict";
import { Due } from "./due.ts";

Deno.test("what comes first is told: one of many, or that it is due", async () => {
  const time = Promise.withResolvers<void>();
  const due = new Due(time.promise);
  for (let i = 0; i < 3; i++) assert.equal(await due.or(Promise.resolve(i)), i);

  const late = Promise.withResolvers<number>();
  const told = due.or(late.promise);
  time.resolve();
  assert.equal(await told, "due");
  // From then on whoever waits hears it, and whoever need not wait does not.
  assert.equal(await due.or(late.promise), "due");
  late.resolve(4);
  assert.equal(await due.or(late.promise), 4);
});

Deno.test("a failure is heard of, before it is due and after", async () => {
  const failed = () => Promise.reject(new Error("away"));
  await assert.rejects(new Due(new Promise(() => {})).or(failed()), /away/);
  const due = new Due(Promise.resolve());
  await Promise.resolve();
  await assert.rejects(due.or(failed()), /away/);
});
