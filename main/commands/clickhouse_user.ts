/** `chappe clickhouse-user …`: plain access to a ClickHouse server, for Grafana, Metabase and their like. */
import { createClickHouseUsers } from "@chappe/analytics";
import { openClickHouse } from "@chappe/src/embedded";
import { accountOf, newPassword, readSettings } from "@chappe/src/settings";
import { command } from "./command.ts";
import type { Context } from "./context.ts";
import { ACCOUNT, SHOWN_ONCE } from "./options.ts";

type Users = ReturnType<typeof createClickHouseUsers>;

/** @throws {Error} where ClickHouse is the embedded engine, which takes no connections. */
async function withUsers<T>({ config }: Context, use: (users: Users) => Promise<T>): Promise<T> {
  const { clickhouseUrl: url, clickhouseCluster: cluster } = config;
  if (url === null) {
    throw new Error(
      "the embedded engine takes no connections: this needs a ClickHouse server, CHAPPE_CLICKHOUSE_URL",
    );
  }
  const client = await openClickHouse({ url });
  try {
    return await use(createClickHouseUsers(client, { cluster }));
  } finally {
    await client.close();
  }
}

const create = command({
  name: "clickhouse-user create",
  args: ["name"],
  options: { account: ACCOUNT },
  help: "A ClickHouse user who sees the account's own rows, read only.",
  async run(context, { name, account }) {
    accountOf((await readSettings(context.events)).state, account);
    const { password } = await newPassword();
    const { user, database } = await withUsers(context, (u) => u.create(account, name, password));
    return { record: { account, user, password, database }, note: SHOWN_ONCE };
  },
});

const list = command({
  name: "clickhouse-user list",
  args: [],
  options: { account: ACCOUNT },
  help: "The account's ClickHouse users.",
  async run(context, { account }) {
    const users = await withUsers(context, (u) => u.list(account));
    return { rows: users.map((user) => ({ account, ...user })) };
  },
});

const revoke = command({
  name: "clickhouse-user revoke",
  args: ["name"],
  options: { account: ACCOUNT },
  help: "Takes the user away.",
  async run(context, { name, account }) {
    await withUsers(context, (u) => u.revoke(account, name));
    return { record: { account, revoked: name } };
  },
});

export const CLICKHOUSE_USER_COMMANDS = [create, list, revoke];
