/** Asks DNS block lists (RFC 5782) about addresses, and records what is news. */
import { derivedId, type NewEvent } from "@chappe/src/events";
import { type DnsClient, DnsUnavailableError } from "@chappe/src/dns";
import {
  type DnsblList,
  dnsblName,
  type DnsblResult,
  DNSBLS,
  readDnsbl,
  type SendingState,
  type SourceAddress,
} from "@chappe/src/sending";
import { platformEvent } from "./fact.ts";

/** Questions under way at a time. */
const AT_ONCE = 8;

/** By their zones; of those that are not known, any answer in 127.0.0.0/8 counts as listed. */
export function listsOf(zones: readonly string[]): DnsblList[] {
  return zones.map((zone) =>
    DNSBLS.find((list) => list.zone === zone) ??
      { zone, ipv6: true, meanings: {}, page: `https://${zone}/` }
  );
}

export interface Round {
  readonly facts: NewEvent[];
  /** Lists that would not say, and why. */
  readonly silent: ReadonlyMap<string, string>;
}

/**
 * Asks each list about each address in use, those that are paused as well: they wait to be delisted.
 * A listing that is new is an alert; what is done about it depends on what receivers do: their replies
 * lead to measures. An answer that says nothing changes nothing.
 */
export async function askLists(
  { state, lists, dns, now }: {
    state: () => SendingState;
    lists: readonly DnsblList[];
    dns: DnsClient;
    now: () => number;
  },
): Promise<Round> {
  const facts: NewEvent[] = [];
  const silent = new Map<string, string>();
  const questions = [...state().addresses.values()]
    .filter((address) => address.state.kind !== "retired")
    .flatMap((address) => lists.map((list) => ({ address, list })))
    .values();
  const worker = async () => {
    for (const { address, list } of questions) {
      const { result, answers } = await ask(dns, address.ip, list);
      if (result === null) continue;
      const listed = address.listed.has(list.zone);
      if (result.kind === "no-answer") silent.set(list.zone, result.reason);
      else if (result.kind === "not-listed" && listed) facts.push(delisted(address, list, now()));
      else if (result.kind === "listed" && !listed) {
        if (await listsAnything(dns, list)) silent.set(list.zone, LISTS_ANYTHING);
        else facts.push(...listing(address, list, result.meanings, answers, now()));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { facts, silent };
}

const LISTS_ANYTHING = "it lists 127.0.0.1, which is never listed (RFC 5782 §5)";

/** Null where the list knows no such addresses. */
async function ask(
  dns: DnsClient,
  ip: string,
  list: DnsblList,
): Promise<{ result: DnsblResult | null; answers: readonly string[] }> {
  const name = dnsblName(ip, list);
  if (name === null) return { result: null, answers: [] };
  try {
    const answer = await dns.query(name, "A");
    const answers = answer.kind === "records" ? answer.records.map(({ value }) => value) : [];
    return { result: readDnsbl(answers, list), answers };
  } catch (error) {
    if (!(error instanceof DnsUnavailableError)) throw error;
    return { result: { kind: "no-answer", reason: error.message }, answers: [] };
  }
}

/** Whoever takes over the zone of a list that was given up may answer each question alike. */
async function listsAnything(dns: DnsClient, list: DnsblList): Promise<boolean> {
  const { result } = await ask(dns, "127.0.0.1", list);
  return result?.kind !== "not-listed";
}

function listing(
  { ip: address }: SourceAddress,
  { zone: list, page }: DnsblList,
  meanings: readonly string[],
  answers: readonly string[],
  at: number,
): NewEvent[] {
  const words = `${list} lists ${address} (${meanings.join(", ")}). See ${page}`;
  const figures = { list, answers: answers.join(" ") };
  const listed = { address, list, answers: [...answers], words };
  const alert = { address, provider: null, rule: `block-list:${list}`, figures, words };
  return [
    platformEvent(
      { id: idOf("listed", address, list, at), type: "address.listed", data: listed },
      at,
    ),
    platformEvent(
      { id: idOf("alert", address, list, at), type: "address.alerted", data: alert },
      at,
    ),
  ] as NewEvent[];
}

function delisted({ ip: address }: SourceAddress, { zone: list }: DnsblList, at: number): NewEvent {
  const id = idOf("delisted", address, list, at);
  const type = "address.delisted" as const;
  return platformEvent({ id, type, data: { address, list } }, at) as NewEvent;
}

function idOf(what: string, address: string, list: string, at: number): string {
  return derivedId("block-list", what, address, list, at);
}
