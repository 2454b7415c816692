/** `chappe pool …` */
import { assignPools, changePool, createPool, readHeld } from "@chappe/src/addresses";
import { assignmentOf, type SendingState, SHARED } from "@chappe/src/sending";
import { UsageError } from "../exit.ts";
import { command } from "./command.ts";
import { changeSources } from "./context.ts";
import { ACCOUNT } from "./options.ts";
import type { Row } from "./output.ts";

const OWNER = { value: "account", help: "Whose dedicated pool it is; shared without it" } as const;

const create = command({
  name: "pool create",
  args: ["pool"],
  options: { owner: OWNER },
  help: "A new pool of source addresses, shared or an account's own.",
  async run(context, { pool, owner = null }) {
    const state = await changeSources(context, (held) => createPool(held, { pool, owner }));
    return { record: describe(state, pool) };
  },
});

const change = command({
  name: "pool change",
  args: ["pool"],
  options: { owner: OWNER },
  help: "Gives a pool to an account, or to all.",
  async run(context, { pool, owner = null }) {
    const state = await changeSources(context, (held) => changePool(held, { pool, owner }));
    return { record: describe(state, pool) };
  },
});

const list = command({
  name: "pool list",
  args: [],
  options: {},
  help: "Pools, their addresses, and whose mail leaves from them.",
  async run({ events }) {
    const { sending } = await readHeld(events);
    return { rows: [...sending.pools.keys()].map((pool) => describe(sending, pool)) };
  },
});

const assign = command({
  name: "pool assign",
  args: [],
  options: {
    account: ACCOUNT,
    pool: { value: "name", multiple: true, help: "Where its mail leaves, first choice first" },
    overflow: { value: "name", help: `Where the surplus goes: ${SHARED}, unless said` },
    wait: { help: "The surplus waits instead" },
  },
  help: "Says from which pools an account's mail leaves, and where the surplus goes.",
  async run(context, { account, pool, overflow, wait }) {
    if (wait && overflow !== undefined) throw new UsageError("--overflow or --wait, not both");
    const otherwise = pool.includes(SHARED) ? null : SHARED;
    const wanted = { account, pools: pool, overflow: wait ? null : overflow ?? otherwise };
    const state = await changeSources(context, (held) => assignPools(held, wanted));
    const { pools, overflow: after } = assignmentOf(state, account);
    return { record: { account, pools: [...pools], overflow: after ?? "it waits" } };
  },
});

function describe({ pools, addresses, assignments }: SendingState, name: string): Row {
  const { kind, owner } = pools.get(name)!;
  return {
    pool: name,
    kind,
    owner,
    addresses: [...addresses.values()].filter(({ pool }) => pool === name).map(({ ip }) => ip),
    accounts: [...assignments].filter(([, own]) => own.pools.includes(name)).map(([id]) => id),
    overflowOf: [...assignments].filter(([, own]) => own.overflow === name).map(([id]) => id),
  };
}

export const POOL_COMMANDS = [create, change, list, assign];
