/** What the log needs of a NATS server. */
import type { ServerInfo } from "@nats-io/nats-core";
import { LogUnavailableError } from "../port.ts";
import { SERVER_BYTES } from "./limits.ts";

/** Scheduled messages and counters came with 2.12; older ones would refuse the streams. */
export const LEAST_NATS = "2.12.0";

/** `nats-server: v2.15.1` (also `2.15.1-1`, `v2.12.0-beta.1`) → `2.15.1`; null where there is none. */
export function parseNatsVersion(text: string): string | null {
  return /v?(\d+\.\d+\.\d+)/.exec(text)?.[1] ?? null;
}

/** Whether `version` (three numbers) is `LEAST_NATS` or newer. */
export function isNewEnough(version: string): boolean {
  const [have, need] = [version, LEAST_NATS].map((v) => v.split(".").map(Number));
  for (let i = 0; i < 3; i++) {
    if (have![i]! !== need![i]!) return have![i]! > need![i]!;
  }
  return true;
}

/** @throws {LogUnavailableError} when the server cannot hold the log. */
export function checkServer(info: ServerInfo): void {
  const version = parseNatsVersion(info.version);
  if (version === null || !isNewEnough(version)) {
    throw new LogUnavailableError(
      `the NATS server is ${info.version}; ${LEAST_NATS} or newer is needed`,
    );
  }
  if (info.jetstream !== true) throw new LogUnavailableError("the NATS server has no JetStream");
  if (info.max_payload < SERVER_BYTES) {
    throw new LogUnavailableError(
      `the NATS server takes ${info.max_payload} bytes a message; ${SERVER_BYTES} are needed`,
    );
  }
}
