/** Where a message goes, by which address, and why. */
export { domainOf } from "./domain.ts";
export { laneOf } from "./lane.ts";
export { provider } from "./provider.ts";
export { createRouter, type Route, type Router } from "./route.ts";
