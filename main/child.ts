/** One child process of the platform: started, watched, started again when it dies, stopped. */
import { type Logger } from "@chappe/src/runtime";
import { TextLineStream } from "./lines.ts";

export interface Child {
  /** Resolves when the process first said that it is ready. */
  readonly ready: Promise<void>;
  /** SIGTERM, then SIGKILL after `limitMs`. */
  stop(limitMs: number): Promise<void>;
}

/** Wait before a dead process is started again, ms: doubles until it serves, up to the limit. */
const FIRST_BACKOFF = 250;
const MAX_BACKOFF = 10_000;

/**
 * Its standard input is a pipe from us and it goes when the pipe closes, so that it cannot outlive
 * us even when we are killed. Lines that it writes are passed on; the one whose event is `ready`
 * says that it serves. A process that fails before it was ever ready is not tried again.
 */
export function startChild(options: {
  name: string;
  args: string[];
  env: Record<string, string>;
  write: (line: string) => void;
  logger: Logger;
}): Child {
  const { name, args, env, write, logger } = options;
  const ready = Promise.withResolvers<void>();
  let everReady = false;
  let stopping = false;
  let backoff = FIRST_BACKOFF;
  let current: Deno.ChildProcess | null = null;

  async function life(): Promise<void> {
    while (!stopping) {
      const child = new Deno.Command(Deno.execPath(), {
        args,
        env,
        clearEnv: true,
        stdin: "piped",
        stdout: "piped",
        stderr: "inherit",
      }).spawn();
      current = child;
      const lines = child.stdout
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new TextLineStream());
      for await (const line of lines) {
        write(line);
        if (line.includes('"event":"ready"')) {
          everReady = true;
          backoff = FIRST_BACKOFF;
          ready.resolve();
        }
      }
      const { code, signal } = await child.status;
      if (stopping) return;
      if (!everReady) {
        ready.reject(new Error(`process ${name} could not start (exit code ${code}): see above`));
        return;
      }
      logger.error("process-died", { process: name, code, signal, restartInMs: backoff });
      await new Promise((resolve) => setTimeout(resolve, backoff));
      backoff = Math.min(backoff * 2, MAX_BACKOFF);
    }
  }
  const living = life();

  return {
    ready: ready.promise,
    async stop(limitMs) {
      stopping = true;
      const child = current;
      const send = (signal: Deno.Signal) => {
        try {
          child?.kill(signal);
        } catch {
          // It has ended by itself.
        }
      };
      send("SIGTERM");
      const timer = setTimeout(() => send("SIGKILL"), limitMs);
      await living;
      clearTimeout(timer);
    },
  };
}
