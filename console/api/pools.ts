/** Pools of source addresses, and whose mail leaves from which. */
import { assignPools, changePool, createPool } from "@chappe/src/addresses";
import { type AddressPool, assignmentOf, type SendingState, SHARED } from "@chappe/src/sending";
import { PLATFORM } from "@chappe/src/settings";
import * as z from "zod";
import { type AddressDeps, changeSources } from "./change.ts";
import { allOf, locationOf, pageOf } from "./lists.ts";
import { type Route, route } from "./route.ts";
import { poolsSeen } from "./seen_sources.ts";

const name = z.string().max(200);
const PoolItem = z.strictObject({
  pool: z.string(),
  kind: z.enum(["shared", "dedicated"]),
  owner: z.string().nullable().describe("The account whose dedicated pool it is"),
  addresses: z.array(z.string()),
  use: z.enum(["pool", "overflow"]).nullable()
    .describe("What it is to the account: null where no account is asked about"),
  accounts: z.array(z.string())
    .describe("Accounts it is assigned to; to an account, only itself"),
});
const PoolPage = pageOf(PoolItem);

const Assignment = z.strictObject({
  account: z.string(),
  pools: z.array(z.string()),
  overflow: z.string().nullable(),
});

const owner = z.string().nullable().describe("Null: a shared pool");

export function pools(deps: AddressDeps): Route[] {
  const { sending } = deps;
  const answer = { status: 200, name: "Pool", schema: PoolItem } as const;
  const platform = { role: "owner", platform: true } as const;
  return [
    route({
      method: "get",
      path: "/pools",
      id: "listPools",
      summary: "The pools the account's mail leaves from, first choice first; to the operator, all",
      role: "analyst",
      answer: { status: 200, name: "PoolPage", schema: PoolPage },
      handle: ({ account }) =>
        allOf(poolsSeen(sending.now, account).map((pool) => poolItem(sending.now, account, pool))),
    }),
    route({
      method: "post",
      path: "/pools",
      id: "createPool",
      summary: "A new pool, shared or an account's own",
      ...platform,
      body: z.strictObject({ pool: name, owner: owner.default(null) }),
      answer: { ...answer, status: 201 },
      problems: [404, 409],
      async handle({ c, by, body }) {
        const after = await changeSources(deps, by, (held) => createPool(held, body));
        c.header("Location", locationOf(c.req.path, body.pool));
        return poolItem(after, PLATFORM, after.pools.get(body.pool)!);
      },
    }),
    route({
      method: "patch",
      path: "/pools/{pool}",
      id: "changePool",
      summary: "Gives a pool to an account, or to all",
      ...platform,
      body: z.strictObject({ owner }),
      answer,
      async handle({ by, body, param }) {
        const pool = param("pool");
        const after = await changeSources(
          deps,
          by,
          (held) => changePool(held, { pool, ...body }),
        );
        return poolItem(after, PLATFORM, after.pools.get(pool)!);
      },
    }),
    route({
      method: "put",
      path: "/accounts/{account}/pools",
      id: "assignPools",
      summary: "Where an account's mail leaves, and where what may not leave there yet goes",
      ...platform,
      body: z.strictObject({
        pools: z.array(name).min(1).max(20).describe("First choice first"),
        overflow: name.nullable().default(SHARED).describe("Null: it waits"),
      }),
      answer: { status: 200, name: "Assignment", schema: Assignment },
      async handle({ by, body, param }) {
        const account = param("account");
        const after = await changeSources(
          deps,
          by,
          (held) => assignPools(held, { account, ...body }),
        );
        const { pools, overflow } = assignmentOf(after, account);
        return { account, pools: [...pools], overflow };
      },
    }),
  ];
}

function poolItem(
  sending: SendingState,
  account: string,
  { name: pool, kind, owner }: AddressPool,
): z.infer<typeof PoolItem> {
  const { overflow } = assignmentOf(sending, account);
  const serves = [...sending.assignments]
    .filter(([, own]) => own.pools.includes(pool) || own.overflow === pool)
    .map(([id]) => id);
  const isOperator = account === PLATFORM;
  return {
    pool,
    kind,
    owner,
    addresses: [...sending.addresses.values()].filter((a) => a.pool === pool).map(({ ip }) => ip),
    use: isOperator ? null : overflow === pool ? "overflow" : "pool",
    accounts: isOperator ? serves : [account],
  };
}
