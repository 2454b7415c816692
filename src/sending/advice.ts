/** How many addresses a volume needs: the seed's table, and what an account's own traffic asks for. */

/** "IPs nécessaires" (seed), for transactional traffic of good quality that flows all day. */
export const ADDRESS_TABLE = [
  { addresses: 2, from: 10_000, to: 60_000 },
  { addresses: 3, from: 60_000, to: 150_000 },
  { addresses: 4, from: 200_000, to: 320_000 },
  { addresses: 5, from: 320_000, to: 400_000 },
  { addresses: 6, from: 400_000, to: 550_000 },
] as const;

export interface Advice {
  /** 0: none of its own. */
  readonly addresses: number;
  /** Messages a day that it is about. */
  readonly volume: number;
  /** How far the table itself says so. */
  readonly basis: "below-table" | "table" | "between-rows" | "beyond-table";
  readonly words: string;
}

const LOWEST = ADDRESS_TABLE[0];
const HIGHEST = ADDRESS_TABLE.at(-1)!;
/** What each address carries in the table's last row. */
const PER_ADDRESS = HIGHEST.to / HIGHEST.addresses;

export function adviseFor(volume: number): Advice {
  const daily = `${figure(volume)} a day`;
  if (volume < LOWEST.from) {
    return {
      addresses: 0,
      volume,
      basis: "below-table",
      words:
        `${daily}: the shared addresses serve this better. An address of its own needs a steady ` +
        `${figure(LOWEST.from)} a day to keep a reputation.`,
    };
  }
  const row = ADDRESS_TABLE.find(({ to }) => volume <= to);
  if (row === undefined) {
    const addresses = Math.ceil(volume / PER_ADDRESS);
    return {
      addresses,
      volume,
      basis: "beyond-table",
      words:
        `${daily}: ${addresses} addresses. The table ends at ${figure(HIGHEST.to)}; this goes ` +
        `on with the ${figure(Math.floor(PER_ADDRESS))} a day for each of its last row.`,
    };
  }
  const { addresses, from, to } = row;
  if (volume < from) {
    return {
      addresses,
      volume,
      basis: "between-rows",
      words: `${daily}: ${addresses} addresses. The table says nothing between ` +
        `${figure(ADDRESS_TABLE[ADDRESS_TABLE.indexOf(row) - 1]!.to)} and ${
          figure(from)
        }; this is ` +
        `its next row, the one with more room.`,
    };
  }
  return {
    addresses,
    volume,
    basis: "table",
    words: `${daily}: ${addresses} addresses, as for ${figure(from)} to ${figure(to)}.`,
  };
}

export interface OwnAdvice extends Advice {
  /** Days looked at; those without traffic do not count. */
  readonly days: number;
  readonly percentile: number;
}

/** Fewer days say little about a week. */
const ENOUGH_DAYS = 7;

/**
 * By an account's own traffic: the volume that is enough on `percentile` of its days (nearest rank).
 * @param perDay messages of each day
 */
export function adviseByTraffic(perDay: readonly number[], percentile = 0.95): OwnAdvice {
  const busy = perDay.filter((count) => count > 0).toSorted((a, b) => a - b);
  const volume = busy[Math.max(0, Math.ceil(busy.length * percentile) - 1)] ?? 0;
  const advice = adviseFor(volume);
  const days = busy.length;
  const basis = `On ${
    Math.round(percentile * 100)
  } % of ${days} days with traffic no more than this.`;
  const little = days < ENOUGH_DAYS ? ` ${days} days are few to go by.` : "";
  const words = days === 0 ? "No traffic yet to go by." : `${advice.words} ${basis}${little}`;
  return { ...advice, words, days, percentile };
}

function figure(n: number): string {
  return n.toLocaleString("en-GB");
}
