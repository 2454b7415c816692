import assert from "node:assert/strict";
import { isNewEnough, natsVersion, parseNatsVersion } from "./nats_version.ts";

const TEXTS: [string, string | null][] = [
  ["nats-server: v2.15.1\n", "2.15.1"],
  ["nats-server: v2.12.0-beta.1", "2.12.0"],
  ["2.15.1-1", "2.15.1"],
  ["nats-server: v2.15", null],
  ["", null],
];
const VERSIONS: [string, boolean][] = [
  ["2.9.10", false],
  ["2.11.99", false],
  ["2.12.0", true],
  ["2.15.1", true],
  ["3.0.0", true],
  ["1.99.99", false],
];

Deno.test("a version is read from what the server says", () => {
  for (const [text, version] of TEXTS) assert.equal(parseNatsVersion(text), version, text);
});

Deno.test("versions are compared as numbers", () => {
  for (const [version, enough] of VERSIONS) assert.equal(isNewEnough(version), enough, version);
});

Deno.test("what is not there, or is no nats-server, has no version", async () => {
  assert.equal(await natsVersion("/nonexistent/nats-server"), null);
  assert.equal(await natsVersion("/bin/true"), null);
  assert.equal(await natsVersion("/"), null);
});
