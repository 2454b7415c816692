/** The links of a mail within their blocks, in its order. Pure. */
import type { Heatmap } from "../../api/heatmap.ts";

type Link = Heatmap["links"][number];
type Block = Heatmap["blocks"][number];

export interface Zone {
  /** Null: links outside of all blocks. */
  block: Block | null;
  links: Link[];
}

/** Blocks by their first links. A link that stands in none is in a zone with those around it. */
export function zonesOf({ links, blocks }: Pick<Heatmap, "links" | "blocks">): Zone[] {
  const zones: Zone[] = [];
  const ofBlocks = new Map<number, Zone>();
  const byIndex = new Map(blocks.map((block) => [block.block, block]));
  for (const link of links) {
    const block = link.block === null ? null : byIndex.get(link.block)!;
    const last = zones.at(-1);
    const known = block === null
      ? last !== undefined && last.block === null ? last : undefined
      : ofBlocks.get(block.block);
    if (known !== undefined) {
      known.links.push(link);
      continue;
    }
    const zone = { block, links: [link] };
    zones.push(zone);
    if (block !== null) ofBlocks.set(block.block, zone);
  }
  return zones;
}
