/** What the core tells a worker: keys, which links are disabled, who has withdrawn consent. */
import { type KeyOf, type LinkScope, type LinkSwitch, linkSwitch } from "@chappe/src/rules";
import * as z from "zod";
import { seal, unseal } from "./secret.ts";

/** As the core has it. */
export interface CoreState {
  /** Another one whenever something changed. */
  readonly version: string;
  readonly keys: readonly { readonly kid: number; readonly secret: Uint8Array }[];
  readonly disabled: readonly LinkScope[];
  /** Tags of recipients. */
  readonly withdrawn: Iterable<bigint>;
}

/** As a worker works with it. */
export interface KnownState {
  keyOf: KeyOf;
  withdrawn: (tag: bigint) => boolean;
  disabled: LinkSwitch;
}

const State = z.strictObject({
  /** Sealed JSON: pairs of key id and secret in base64. */
  keys: z.string(),
  disabled: z.array(z.strictObject({
    account: z.string(),
    scope: z.enum(["account", "message", "mailing"]),
    of: z.string().nullable(),
  })),
  /** Base64 of 64-bit numbers, little-endian, in ascending order. */
  withdrawn: z.string(),
});
const Keys = z.array(z.tuple([z.int(), z.string()]));

export async function writeState(state: CoreState, secret: string): Promise<string> {
  const tags = BigUint64Array.from(state.withdrawn).sort();
  const keys = state.keys.map(({ kid, secret }) => [kid, secret.toBase64()]);
  return JSON.stringify(
    {
      keys: await seal(secret, JSON.stringify(keys)),
      disabled: state.disabled.map(({ account, scope, of }) => ({ account, scope, of })),
      withdrawn: new Uint8Array(tags.buffer).toBase64(),
    } satisfies z.infer<typeof State>,
  );
}

/** @throws when it is no state, or sealed with another secret */
export async function readState(text: string, secret: string): Promise<KnownState> {
  const { keys, disabled, withdrawn } = State.parse(JSON.parse(text));
  const pairs = Keys.parse(JSON.parse(await unseal(secret, keys)));
  const secrets = new Map(pairs.map(([kid, secret]) => [kid, Uint8Array.fromBase64(secret)]));
  const tags = new BigUint64Array(Uint8Array.fromBase64(withdrawn).buffer);
  return {
    keyOf: (kid) => secrets.get(kid),
    withdrawn: (tag) => isAmong(tags, tag),
    disabled: linkSwitch(disabled),
  };
}

/** Binary search. */
function isAmong(sorted: BigUint64Array, wanted: bigint): boolean {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! < wanted) from = middle + 1;
    else to = middle;
  }
  return sorted[from] === wanted;
}
