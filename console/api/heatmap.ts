/** Hot zones: which links of a message, and which blocks of it, people click. */
import type { Clicks, Filled, Heat } from "@chappe/analytics";
import { type LinkPlace, linkPlaces } from "@chappe/src/mail";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { bodyOf } from "../web/guarded.ts";
import { type Mailing, newestOf } from "./mailing.ts";
import { type Route, route } from "./route.ts";

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const clicks = {
  recipients: count.describe("Copies from which people clicked it"),
  clicks: count.describe("All clicks of people"),
  machineClicks: count,
  share: share.describe("Of all clicks of people"),
};
const HeatmapShape = z.strictObject({
  recipients: count.describe("Copies with a click"),
  clicks: count,
  machineClicks: count,
  content: z.boolean().describe("Whether it is still kept: texts, blocks and links never clicked"),
  links: z.array(z.strictObject({
    position: count.describe("Place among the links, from 0 on"),
    url: z.string(),
    text: z.string().nullable(),
    block: count.nullable(),
    ...clicks,
  })),
  blocks: z.array(z.strictObject({
    block: count,
    element: z.string().describe("Name of the HTML element"),
    text: z.string().describe("Its beginning"),
    ...clicks,
  })),
});

export type Heatmap = z.infer<typeof HeatmapShape>;

/** Of its links, as a file. */
export const HEATMAP_COLUMNS: readonly Filled<Heatmap["links"][number]>[] = [
  { name: "position", type: "number", of: ({ position }) => position },
  { name: "url", type: "text", of: ({ url }) => url },
  { name: "text", type: "text", of: ({ text }) => text },
  { name: "block", type: "number", of: ({ block }) => block },
  { name: "recipients", type: "number", of: ({ recipients }) => recipients },
  { name: "clicks", type: "number", of: ({ clicks }) => clicks },
  { name: "machineClicks", type: "number", of: ({ machineClicks }) => machineClicks },
  { name: "share", type: "number", of: ({ share }) => share },
];

type Deps = Pick<ConsoleDeps, "queries" | "bodies" | "optionsHeader">;

export function heatmap(deps: Deps): Route[] {
  const answer = { status: 200, name: "Heatmap", schema: HeatmapShape } as const;
  return [
    route({
      method: "get",
      path: "/messages/{id}/heatmap",
      id: "getMessageHeatmap",
      summary: "Clicks on each link and each block of a message",
      role: "analyst",
      answer,
      handle: ({ account, param }) => heatmapOf(deps, account, { message: param("id") }),
    }),
    route({
      method: "get",
      path: "/campaigns/{id}/heatmap",
      id: "getCampaignHeatmap",
      summary: "The same for a campaign, on its newest message",
      role: "analyst",
      answer,
      handle: ({ account, param }) => heatmapOf(deps, account, { campaign: param("id") }),
    }),
  ];
}

/** @throws {HTTPException} 404 when there is no such mailing here */
export async function heatmapOf(
  { queries, bodies, optionsHeader }: Deps,
  account: string,
  mailing: Mailing,
): Promise<Heatmap> {
  const { id, body, sender } = await newestOf(queries, account, mailing);
  const source = await bodyOf(bodies, body);
  // Places of links in the message as it was handed in; none when it is no longer kept.
  const options = { alternative: sender !== "", optionsName: optionsHeader };
  const places = source === null ? null : linkPlaces(source, options);
  const blocks = places?.map(({ block }) => block?.index ?? -1);
  const scope = "message" in mailing ? { message: id } : mailing;
  return drawn(await queries.heat(account, scope, blocks), places);
}

const NO_CLICKS: Clicks = { recipients: 0, clicks: 0, machineClicks: 0 };

function drawn(heat: Heat, places: LinkPlace[] | null): Heatmap {
  const share = ({ clicks }: Clicks) => heat.total.clicks === 0 ? 0 : clicks / heat.total.clicks;
  const clicked = new Map(heat.links.map((link) => [link.position, link]));
  const positions = new Set([...places?.keys() ?? [], ...clicked.keys()]);
  const ofBlocks = new Map(heat.blocks.map(({ block, ...counts }) => [block, counts]));
  const blocks = new Map(
    places?.flatMap(({ block }) => block === null ? [] : [[block.index, block] as const]),
  );
  return {
    ...heat.total,
    content: places !== null,
    links: [...positions].sort((a, b) => a - b).map((position) => {
      const place = places?.[position];
      const { url, ...counts } = clicked.get(position) ??
        { position, url: place!.url, ...NO_CLICKS };
      return {
        ...counts,
        url: place?.url ?? url,
        text: place?.text ?? null,
        block: place?.block?.index ?? null,
        share: share(counts),
      };
    }),
    blocks: [...blocks.values()].map(({ index, element, text }) => {
      const counts = ofBlocks.get(index) ?? NO_CLICKS;
      return { block: index, element, text, ...counts, share: share(counts) };
    }),
  };
}
