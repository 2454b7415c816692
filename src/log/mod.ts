/** The log: port and NATS adapter. */
export * from "./port.ts";
