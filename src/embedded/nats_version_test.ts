import assert from "node:assert/strict";
import { natsVersion } from "./nats_version.ts";

Deno.test("what is not there, or is no nats-server, has no version", async () => {
  assert.equal(await natsVersion("/nonexistent/nats-server"), null);
  assert.equal(await natsVersion("/bin/true"), null);
  assert.equal(await natsVersion("/"), null);
});
