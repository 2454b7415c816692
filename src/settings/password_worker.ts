/** The thread behind password_thread.ts: one check in, one answer out. */
import { parentPort } from "node:worker_threads";
import { verifyPassword } from "./passwords.ts";

export interface PasswordCheck {
  password: string;
  hash: string;
}

parentPort?.on("message", async ({ password, hash }: PasswordCheck) => {
  parentPort?.postMessage(await verifyPassword(password, hash));
});
