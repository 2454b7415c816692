import assert from "node:assert/strict";
import type { DeliveryJob, Preparer } from "../job.ts";
import { deliveryJob } from "../test_station.ts";
import { withConsent } from "./consent.ts";

Deno.test("tracking is off for who has withdrawn consent, as it is when the copy is made", async () => {
  const made: DeliveryJob[] = [];
  const inner: Preparer = {
    prepare(job) {
      made.push(job);
      return Promise.reject(new Error("not part of this test"));
    },
  };
  const withdrawn = new Set(["demo a@b.example"]);
  const preparer = withConsent(inner, (account, to) => withdrawn.has(`${account} ${to}`));
  const [one, other] = ["a@b.example", "c@b.example"].map((to) => deliveryJob(to).data);
  const prepare = (job: DeliveryJob) => assert.rejects(preparer.prepare(job));
  await prepare(one!);
  await prepare(other!);
  await prepare({ ...one!, account: "acme" });
  withdrawn.clear();
  await prepare(one!);
  assert.deepEqual(made.map((job) => job.accepted.tracking.mode), ["off", "full", "full", "full"]);
  assert.equal(one!.accepted.tracking.mode, "full", "the job itself is left as it is");
  const [{ accepted: { tracking: _, ...kept } }] = made as [DeliveryJob];
  const { accepted: { tracking: __, ...given } } = one!;
  assert.deepEqual(kept, given);
});
