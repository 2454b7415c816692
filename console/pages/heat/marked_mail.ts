/**
 * A mail whose links carry how often they were clicked. It is written as copies of it are, so that each
 * link is the one that readers have; colours and shares are a style sheet, which needs no script.
 */
import { compile, type CompileOptions } from "@chappe/src/mail";
import type { Heatmap } from "../../api/heatmap.ts";
import type { Format } from "../../web/format.ts";
import { WARMEST, warmth } from "../analysis/warmth.ts";

type Links = Heatmap["links"];

/** Behind the URL of a link, its position. */
const MARK = "#chappe-link-";

/** The mail with its links marked; bytes as it was handed in. */
export function markedMail(
  raw: Uint8Array,
  options: Pick<CompileOptions, "alternative" | "optionsName">,
): Uint8Array<ArrayBuffer> {
  const template = compile(raw, {
    ...options,
    opens: false,
    clicks: true,
    footer: null,
    remove: [],
    files: [],
  });
  return template.fill({
    prepend: [],
    link: (position) => `${template.links[position]}${MARK}${position}`,
    pixel: null,
    unsubscribe: () => "#",
    file: () => "#",
  });
}

/** How many links are drawn: those clicked most. */
const MOST_DRAWN = 1000;
/** Of what is drawn on white paper, at its warmest. */
const HOT = "#d8431f";

/** The style sheet of a marked mail. */
export function heatStyle(links: Links, format: Pick<Format, "percent" | "number">): string {
  const drawn = links.filter(({ clicks }) => clicks > 0)
    .toSorted((a, b) => b.clicks - a.clicks).slice(0, MOST_DRAWN);
  const most = drawn[0]?.clicks ?? 0;
  return drawn.map(({ position, clicks, share }) => {
    const link = `a[href$="${MARK}${position}"]`;
    const strength = 100 * warmth(clicks, most) / WARMEST;
    const colour = `color-mix(in srgb,${HOT} ${strength}%,#fff)`;
    const text = `${format.percent(share)} · ${format.number(clicks)}`;
    const frame = `{outline:3px solid ${colour}!important;outline-offset:2px!important}`;
    return `${link}:not(:has(img)),${link} img${frame}` +
      `${link}::after{content:"${text}"!important;${BADGE};background:${colour}!important}`;
  }).join("\n");
}

const BADGE = [
  "display:inline-block",
  "margin-left:6px",
  "padding:0 6px",
  "border-radius:9px",
  "font:bold 12px/18px sans-serif",
  "color:#1c1003",
  "text-decoration:none",
  "white-space:nowrap",
  "vertical-align:middle",
].map((rule) => `${rule}!important`).join(";");
