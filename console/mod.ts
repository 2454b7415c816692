/** The console: REST API and web pages. */
export { createConsole } from "./app.ts";
export type { ConsoleDeps, Env as ConsoleEnv } from "./deps.ts";
