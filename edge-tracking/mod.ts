/** The tracking edge: pixel, redirect, unsubscribe, files. Web standards only; `entries/` runs it somewhere. */
export { createEdge, type EdgeOptions, type EdgeRuntime } from "./app.ts";
export {
  createRecorder,
  type Outcome,
  type Recorder,
  type RecorderOptions,
  type Spill,
} from "./buffer.ts";
export type { FileSource, OpenedFile } from "./file.ts";
