/** The receiving server that is built into the sandbox. */
export { type SandboxReceiver, startSandboxReceiver } from "./receiver.ts";
