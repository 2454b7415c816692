/** The tracking edge: pixel, redirect, unsubscribe. Web standards only; `entries/` runs it somewhere. */
export { createEdge, type EdgeOptions, type EdgeRuntime } from "./app.ts";
export { createRecorder, type Recorder, type RecorderOptions } from "./buffer.ts";
