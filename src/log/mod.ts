/** The log: port and NATS adapter. */
export * from "./port.ts";
export { connectStation, type StationOptions } from "./nats/station.ts";
export { isNewEnough, LEAST_NATS, parseNatsVersion } from "./nats/requirements.ts";
