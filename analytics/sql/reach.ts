/** What a query is told at once that it reaches for in vain. The walls are the engine's own (users.ts). */
import { SqlError } from "./error.ts";
import { hostFunctionIn } from "./host_functions.ts";
import { namesIn } from "./names.ts";
import { OPEN_SYSTEM } from "./users.ts";

/** @param statement as the engine's formatter writes it @throws {SqlError} "refused" */
export function checkReach(statement: string): void {
  const host = hostFunctionIn(statement);
  if (host !== null) {
    throw new SqlError("refused", `the name ${host} is not taken: files are no one's`);
  }
  const table = systemTableIn(statement);
  if (table !== null) {
    throw new SqlError(
      "refused",
      `${table} is the engine's own; there are messages, hits, events and suppressions, ` +
        "and SELECT * FROM hits LIMIT 0 tells the columns of one",
    );
  }
}

/**
 * The first table that the engine keeps of itself, but for those that tell of the language alone. The
 * embedded engine would show it without rows, which looks like an answer. Null: none.
 */
export function systemTableIn(statement: string): string | null {
  for (const { name, inner } of namesIn(statement)) {
    const database = name.toLowerCase();
    const isClosed = database === "information_schema" ||
      database === "system" && !OPEN_SYSTEM.includes(inner);
    if (inner !== "" && isClosed) return `${database}.${inner}`;
  }
  return null;
}
