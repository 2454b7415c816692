/** What a page asks for with its reader's parameters, or what is wrong with them. */
import { BadQueryError } from "@chappe/analytics";
import { HTTPException } from "hono/http-exception";
import { InvalidParametersError } from "../api/problem.ts";

export type Answered<T> =
  | { found: T; problem: null; status: 200 }
  /** To be told on the page, so that it can be mended there. */
  | { found: null; problem: string; status: 404 | 422 };

export async function answered<T>(ask: () => Promise<T>): Promise<Answered<T>> {
  try {
    return { found: await ask(), problem: null, status: 200 };
  } catch (error) {
    if (error instanceof InvalidParametersError || error instanceof BadQueryError) {
      return { found: null, problem: error.message, status: 422 };
    }
    if (error instanceof HTTPException && error.status === 404) {
      return { found: null, problem: error.message, status: 404 };
    }
    throw error;
  }
}
