/** Which ClickHouse database holds the projection. */

export const DEFAULT_DATABASE = "chappe";

/** The name, checked, since it stands in SQL as it is. @throws {TypeError} */
export function databaseName(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name)) {
    throw new TypeError(
      `not a ClickHouse database name: "${name}" (letters, digits and _, not a digit first)`,
    );
  }
  return name;
}
