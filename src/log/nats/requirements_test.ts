import type { ServerInfo } from "@nats-io/nats-core";
import assert from "node:assert/strict";
import { LogUnavailableError } from "../port.ts";
import { checkServer, isNewEnough, parseNatsVersion } from "./requirements.ts";

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

Deno.test("a server that cannot hold the log is told apart", () => {
  const good = { version: "2.12.0", jetstream: true, max_payload: 1_048_576 } as ServerInfo;
  checkServer(good);
  const bad: [Partial<ServerInfo>, RegExp][] = [
    [{ version: "2.10.4" }, /is 2\.10\.4; 2\.12\.0 or newer/],
    [{ version: "unknown" }, /is unknown; /],
    [{ jetstream: false }, /no JetStream/],
    [{ max_payload: 65_536 }, /65536 bytes a message; 1048576 are needed/],
  ];
  for (const [change, message] of bad) {
    assert.throws(
      () => checkServer({ ...good, ...change }),
      (error) => error instanceof LogUnavailableError && message.test(error.message),
    );
  }
});
