/** Whose network an address is in. */
import { GATEWAY_NETWORKS } from "./data/networks.ts";

interface Block {
  name: string;
  isV6: boolean;
  /** How many addresses, or /48 networks, it holds. */
  size: number;
  index: number;
}

const BLOCKS: readonly Block[] = GATEWAY_NETWORKS.flatMap(({ name, blocks }) =>
  blocks.map((block) => {
    const [address, bits] = block.split("/");
    const isV6 = address!.includes(":");
    const size = 2 ** ((isV6 ? 48 : 32) - Number(bits));
    return { name, isV6, size, index: Math.floor(numberOf(address!) / size) };
  })
);

/** The gateway whose network this is, or null; `ip` is cut to /24 or /48. */
export function gatewayOf(ip: string): string | null {
  const number = numberOf(ip);
  const isV6 = ip.includes(":");
  const block = BLOCKS.find((b) => b.isV6 === isV6 && Math.floor(number / b.size) === b.index);
  return block?.name ?? null;
}

/** An IPv4 address, or the first 48 bits of an IPv6 one; NaN for anything else. */
function numberOf(address: string): number {
  if (address.includes(":")) {
    const [first, second = "0", third = "0"] = address.split("::")[0]!.split(":");
    return [first!, second, third]
      .reduce((number, group) => number * 0x10000 + part(parseInt(group, 16), 0xffff), 0);
  }
  const parts = address.split(".");
  if (parts.length !== 4) return NaN;
  return parts.reduce((number, text) => number * 256 + part(Number(text), 255), 0);
}

function part(value: number, most: number): number {
  return value >= 0 && value <= most ? value : NaN;
}
