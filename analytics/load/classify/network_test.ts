import assert from "node:assert/strict";
import { gatewayOf } from "./network.ts";

const SEEN = {
  "40.91.255.0": null,
  "40.92.0.0": "microsoft",
  "40.94.255.0": "microsoft",
  "40.95.0.0": null,
  "104.47.127.0": "microsoft",
  "104.47.128.0": null,
  "207.211.31.0": "mimecast",
  "2a01:111:f400::": "microsoft",
  "2a01:111:f401::": null,
  "192.0.2.0": null,
  "": null,
  "::": null,
  "40.92.0": null,
  "40.92.x.0": null,
  "999.1.1.1": null,
} as const;

for (const [ip, name] of Object.entries(SEEN)) {
  Deno.test(`${ip || "no address"} is of ${name ?? "nobody known"}`, () => {
    assert.equal(gatewayOf(ip), name);
  });
}
