/** ClickHouse users of an account for other people's tools, on a server. */
import type { ClickHouseClient } from "@clickhouse/client";
import { RefusedError } from "@chappe/src/settings";
import { createHash } from "node:crypto";
import { createBuilder } from "../queries/compiler.ts";
import type { Cluster } from "../schema/cluster.ts";
import { databaseName, DEFAULT_DATABASE } from "../schema/database.ts";
import { CONSOLE, dropUser, userOf, userStatements, viewsOf, viewStatements } from "./grants.ts";
import { LIMITS } from "./limits.ts";

export function createClickHouseUsers(
  client: ClickHouseClient,
  { database = DEFAULT_DATABASE, cluster = null }: { database?: string; cluster?: Cluster } = {},
) {
  const db = createBuilder(databaseName(database));
  return {
    /** Makes the user, or gives the one there is this password. @throws {RefusedError} */
    async create(
      account: string,
      name: string,
      password: string,
    ): Promise<{ user: string; database: string }> {
      checkName(name);
      const sha256 = createHash("sha256").update(password).digest("hex");
      const statements = [
        ...viewStatements(db, { database, cluster }, account),
        ...userStatements(account, name, sha256, LIMITS, cluster),
      ];
      for (const query of statements) await client.command({ query });
      return { user: userOf(account, name), database: viewsOf(account) };
    },
    async list(account: string): Promise<{ name: string; user: string }[]> {
      const start = userOf(account, "");
      const found = await client.query({
        query: "SELECT name FROM system.users WHERE startsWith(name, {start:String}) ORDER BY name",
        query_params: { start },
        format: "JSONEachRow",
      });
      const users = await found.json<{ name: string }>();
      return users.map(({ name: user }) => ({ name: user.slice(start.length), user }))
        .filter(({ name }) => name !== CONSOLE && isName(name));
    },
    /** @throws {RefusedError} */
    async revoke(account: string, name: string): Promise<void> {
      checkName(name);
      await client.command({ query: dropUser(account, name, cluster) });
    },
  };
}

/** Without underscores, so that no user of one account looks like one of another. */
const isName = (name: string) => /^[a-z][a-z0-9-]{0,31}$/.test(name);

function checkName(name: string): void {
  if (isName(name) && name !== CONSOLE) return;
  throw new RefusedError(
    "invalid",
    `"${name}" cannot be the name: 1 to 32 lower-case letters, digits and hyphens, not "${CONSOLE}"`,
  );
}
