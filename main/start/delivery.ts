/** Role `delivery`: dispatches accepted messages as jobs, prepares and sends each copy. */
import {
  createPreparer,
  laneOf,
  runDispatcher,
  startDelivery,
  startSandboxReceiver,
} from "@chappe/ingest";
import type { Running, Surroundings } from "../run.ts";
import { readTls } from "../secrets.ts";

export async function start(around: Surroundings): Promise<Running> {
  return await Promise.reject(around);
}
