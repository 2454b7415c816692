/**
 * Kysely for ClickHouse, reading only: it builds the SQL, `@clickhouse/client` runs it. Every value
 * becomes a parameter of a declared type (`{p0:String}`), bound by the engine and never part of the
 * SQL text.
 */
import {
  DefaultQueryCompiler,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
} from "kysely";
import { pruning } from "./prune.ts";
import type { Tables } from "./tables.ts";

/** The ClickHouse type a JavaScript value is bound as. @throws {TypeError} for what cannot be bound. */
export function parameterType(value: unknown): string {
  switch (typeof value) {
    case "string":
      return "String";
    case "boolean":
      return "Bool";
    case "number":
      if (Number.isSafeInteger(value)) return "Int64";
      if (Number.isFinite(value) && !Number.isInteger(value)) return "Float64";
  }
  if (Array.isArray(value)) {
    const types = new Set(value.map(parameterType));
    if (types.size <= 1) return `Array(${[...types][0] ?? "String"})`;
  }
  throw new TypeError(`cannot bind this value to a query: ${String(value)}`);
}

class ClickHouseCompiler extends DefaultQueryCompiler {
  protected override appendValue(value: unknown): void {
    this.append(`{p${this.numParameters}:${parameterType(value)}}`);
    this.addParameter(value);
  }
  /** Unlike in standard SQL, a backslash escapes in names and texts as well. */
  protected override sanitizeIdentifier(name: string): string {
    return super.sanitizeIdentifier(name.replaceAll("\\", "\\\\"));
  }
  protected override sanitizeStringLiteral(text: string): string {
    return super.sanitizeStringLiteral(text.replaceAll("\\", "\\\\"));
  }
}

/** A builder whose queries can be compiled, not run. Tables are those of `database`. */
export function createBuilder(database: string): Kysely<Tables> {
  const kysely = new Kysely<Tables>({
    dialect: {
      createDriver: () => new DummyDriver(),
      createQueryCompiler: () => new ClickHouseCompiler(),
      // Asked only when migrating and inspecting, which is not done through Kysely.
      createAdapter: () => new SqliteAdapter(),
      createIntrospector: (db) => new SqliteIntrospector(db),
    },
  });
  return kysely.withPlugin(pruning).withSchema(database);
}
