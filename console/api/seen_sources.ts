/** Which pools and addresses an account may know of: those that serve it. The operator sees all. */
import { addressOf } from "@chappe/src/addresses";
import {
  type AddressPool,
  assignmentOf,
  type SendingState,
  type SourceAddress,
} from "@chappe/src/sending";
import { PLATFORM, RefusedError } from "@chappe/src/settings";

/** In the account's order, the overflow last. */
export function poolsSeen(sending: SendingState, account: string): AddressPool[] {
  if (account === PLATFORM) return [...sending.pools.values()];
  const { pools, overflow } = assignmentOf(sending, account);
  return [...pools, ...overflow === null ? [] : [overflow]]
    .map((name) => sending.pools.get(name))
    .filter((pool) => pool !== undefined)
    .filter(({ owner }) => owner === null || owner === account);
}

export function addressesSeen(sending: SendingState, account: string): SourceAddress[] {
  const pools = new Set(poolsSeen(sending, account).map(({ name }) => name));
  return [...sending.addresses.values()].filter(({ pool }) =>
    account === PLATFORM || pools.has(pool)
  );
}

/** @throws {RefusedError} when it does not serve the account, whoever else it may serve */
export function addressSeen(sending: SendingState, account: string, text: string): SourceAddress {
  const found = addressOf(sending, text);
  if (addressesSeen(sending, account).includes(found)) return found;
  throw new RefusedError("unknown", `${text} is no source address`);
}

/** One whose figures are the account's own. @throws {RefusedError} */
export function ownAddress(sending: SendingState, account: string, text: string): SourceAddress {
  const found = addressSeen(sending, account, text);
  if (account === PLATFORM || sending.pools.get(found.pool)?.owner === account) return found;
  throw new RefusedError("forbidden", "figures of a shared address are for the operator");
}
