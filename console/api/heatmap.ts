/** Hot zones: which links of a message, and which blocks of it, people click. */
import type { Clicks, Heat } from "@chappe/analytics";
import { type LinkPlace, linkPlaces } from "@chappe/src/mail";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { findMessage } from "../web/find_message.ts";
import { bodyOf } from "../web/guarded.ts";
import { newestOf } from "./campaign.ts";
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

type Deps = Pick<ConsoleDeps, "queries" | "bodies" | "optionsHeader">;

export function heatmap({ queries, bodies, optionsHeader }: Deps): Route[] {
  /** Places of links in the message as it was handed in; none when it is no longer kept. */
  async function placesOf(detail: { body: string; sender: string }): Promise<LinkPlace[] | null> {
    const source = await bodyOf(bodies, detail.body);
    const options = { alternative: detail.sender !== "", optionsName: optionsHeader };
    return source === null ? null : linkPlaces(source, options);
  }
  const blocksOf = (places: LinkPlace[] | null) => places?.map(({ block }) => block?.index ?? -1);
  const answer = { status: 200, name: "Heatmap", schema: HeatmapShape } as const;
  return [
    route({
      method: "get",
      path: "/messages/{id}/heatmap",
      id: "getMessageHeatmap",
      summary: "Clicks on each link and each block of a message",
      role: "analyst",
      answer,
      async handle({ c, account }) {
        const detail = await findMessage(queries, c);
        const places = await placesOf(detail);
        return drawn(await queries.heat(account, { message: detail.id }, blocksOf(places)), places);
      },
    }),
    route({
      method: "get",
      path: "/campaigns/{id}/heatmap",
      id: "getCampaignHeatmap",
      summary: "The same for a campaign, on its newest message",
      role: "analyst",
      answer,
      async handle({ account, param }) {
        const campaign = param("id");
        const detail = await newestOf(queries, account, campaign);
        const places = await placesOf(detail);
        return drawn(await queries.heat(account, { campaign }, blocksOf(places)), places);
      },
    }),
  ];
}

const NO_CLICKS: Clicks = { recipients: 0, clicks: 0, machineClicks: 0 };

function drawn(heat: Heat, places: LinkPlace[] | null): z.infer<typeof HeatmapShape> {
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
