/** The worker's side: asks the core for its state, and hands reports over. */
import * as z from "zod";
import { NO_FILE, type OpenedFile } from "../file.ts";
import type { Report } from "./report.ts";
import { bearerOf } from "./secret.ts";
import { type KnownState, readState } from "./state.ts";

export interface CoreClient {
  /** Null: it is still the state of `version`. @throws when the core does not answer as it should */
  state(version: string): Promise<{ version: string; state: KnownState } | null>;
  /** What became of each, in order. @throws when the core does not answer as it should */
  report(reports: readonly Report[]): Promise<readonly string[]>;
  /** The file that a token is for. */
  file(token: string): Promise<OpenedFile | "gone" | "later">;
}

const Results = z.object({ results: z.array(z.string()) });
/** Less than a request may take, ms. */
const PATIENCE = 10_000;

/** @param url of the core's intake, without a slash at the end */
export function createCoreClient(url: string, secret: string): CoreClient {
  const ask = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
    fetch(`${url}${path}`, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${bearerOf(secret)}` },
      signal: AbortSignal.timeout(PATIENCE),
    });
  return {
    async state(version) {
      const headers: Record<string, string> = version === "" ? {} : { "if-none-match": version };
      const answer = await ask("/state", { headers });
      const text = await answer.text();
      if (answer.status === 304) return null;
      if (!answer.ok) throw new Error(`the core answered ${answer.status}`);
      return {
        version: answer.headers.get("etag") ?? "",
        state: await readState(text, secret),
      };
    },
    async report(reports) {
      const headers = { "content-type": "application/json" };
      const answer = await ask("/reports", {
        method: "POST",
        headers,
        body: JSON.stringify(reports),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`the core answered ${answer.status}`);
      const { results } = Results.parse(JSON.parse(text));
      if (results.length !== reports.length) throw new Error("not a result for each report");
      return results;
    },
    async file(token) {
      const giveUp = new AbortController();
      const timer = setTimeout(() => giveUp.abort(), PATIENCE);
      try {
        const { status, body, headers } = await fetch(`${url}/files/${token}`, {
          headers: { authorization: `Bearer ${bearerOf(secret)}` },
          signal: giveUp.signal,
        });
        if (status === 200 && body !== null) {
          const type = headers.get("content-type") ?? "";
          return { type, size: Number(headers.get("content-length")), bytes: body };
        }
        await body?.cancel();
        return status === NO_FILE.gone || status === 404 ? "gone" : "later";
      } catch {
        return "later";
      } finally {
        clearTimeout(timer); // How long the file itself takes is its reader's matter.
      }
    },
  };
}
