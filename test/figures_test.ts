/**
 * Real mail, opened and clicked in a real browser on a desk and on a phone, and by those who are no
 * people: proxies, scanners, prefetchers. Then every number of the API is counted again from an
 * export of the log, by other code (support/recount.ts), and must be equal.
 */
import assert from "node:assert/strict";
import { hasBrowser } from "./support/browser.ts";
import { eventually, json, loaded, type Platform, startPlatform } from "./support/platform.ts";
import { isMachine, playMachines, playPeople, sendWinter, startSite } from "./support/readers.ts";
import {
  type Copy,
  figuresOf,
  isClicked,
  isOpened,
  type Line,
  recount,
  statusOf,
} from "./support/recount.ts";

async function exported(platform: Platform): Promise<Line[]> {
  const text = await platform.chappe("log", "export", "--account=demo");
  return text.trim().split("\n").map((line) => JSON.parse(line) as Line);
}

const KEYS: Record<string, (copy: Copy) => string> = {
  day: ({ sentAt }) => new Date(sentAt - sentAt % 86_400_000).toISOString(),
  hour: ({ sentAt }) => new Date(sentAt - sentAt % 3_600_000).toISOString(),
  provider: ({ provider }) => provider,
  domain: ({ recipient }) => recipient.split("@")[1]!.toLowerCase(),
  pool: ({ pool }) => pool,
  address: ({ address }) => address ?? "",
  campaign: () => "",
  billingCode: ({ billingCode }) => billingCode ?? "",
};

interface Hits {
  opens: number;
  clicks: number;
}
interface Totals {
  totals: Hits & { rates: { open: number; click: number; reactivity: number } };
  all: { totals: Hits };
}
interface Heatmap {
  links: { position: number; url: string; text: string; clicks: number }[];
  blocks: { clicks: number }[];
}
interface Cell {
  row: string[];
  column: string[];
  count: number;
}
interface Bounces {
  items: { keys: { code: string }; soft: number; hard: number }[];
  total: { soft: number; hard: number };
}

/** Keys of `wanted` as they stand in `given`: an answer may say more than is checked here. */
function only(given: Record<string, unknown>, wanted: object): Record<string, unknown> {
  return Object.fromEntries(Object.keys(wanted).map((key) => [key, given[key]]));
}

Deno.test({
  name: "every number of the API is what the log says, counted by other code",
  ignore: !hasBrowser,
  async fn(t) {
    const platform = await startPlatform();
    await using site = startSite();
    try {
      await platform.chappe("suppression", "add", "refused@example.org", "--account=demo");
      const accepted = await sendWinter(platform, site.origin);
      await playPeople(platform);
      await playMachines(platform);

      const copies = await eventually("all is told", async () => {
        const found = recount(await exported(platform), isMachine);
        const settled = found.every((copy) => statusOf(copy) !== "pending") &&
          figuresOf(found).complained === 1 && figuresOf(found).unsubscribed === 1 &&
          found.some(({ recipient, seen }) =>
            recipient.startsWith("defer@") && seen.has("delivery.delivered")
          );
        return found.length === accepted && settled && found;
      }, 60_000);
      const figures = figuresOf(copies);

      await t.step("the figures in all", async () => {
        await loaded(platform);
        const { total } = await json<{ total: typeof figures }>(platform, "/stats");
        assert.deepEqual(only(total, figures), figures);
        // What was played is what was counted: two people clicked, four opened.
        assert.deepEqual(
          [figures.sent, figures.opened, figures.clicked, figures.machine],
          [accepted - 1, 4, 2, { opened: 2, clicked: 2, opens: 2, clicks: 4 }],
        );
      });

      for (const [groupBy, key] of Object.entries(KEYS)) {
        await t.step(`the figures by ${groupBy}`, async () => {
          const { items } = await json<{ items: { key: string }[] }>(
            platform,
            `/stats?groupBy=${groupBy}`,
          );
          const wanted = new Map(
            [...Map.groupBy(copies, key)].map(([name, group]) => [name, figuresOf(group)]),
          );
          assert.deepEqual(
            new Map(items.map((item) => [item.key, only({ ...item }, figures)])),
            wanted,
          );
        });
      }

      await t.step("each message to each recipient", async () => {
        const { items } = await json<{ items: Record<string, unknown>[] }>(
          platform,
          "/messages?limit=100",
        );
        const shown = (list: Record<string, unknown>[]) =>
          list.sort((a, b) =>
            `${a["id"]}${a["recipient"]}` < `${b["id"]}${b["recipient"]}` ? -1 : 1
          );
        const wanted = shown(copies.map((copy) => ({
          id: copy.message,
          recipient: copy.recipient,
          recipientType: copy.recipientType,
          name: copy.name,
          fields: copy.fields,
          sender: copy.sender,
          subject: copy.subject,
          sentAt: new Date(copy.sentAt).toISOString(),
          status: statusOf(copy),
          opened: isOpened(copy),
          clicked: isClicked(copy),
          address: copy.address,
        })));
        assert.deepEqual(shown(items).map((item) => only(item, wanted[0]!)), wanted);
        assert(wanted.some(({ name }) => name === "Reader desk"));
      });

      await t.step("hits in all, distinct and total, of people and of machines", async () => {
        const { total } = await json<{ total: Totals }>(platform, "/stats");
        const hits = copies.flatMap((copy) => copy.hits);
        const count = (kind: "open" | "click", machine?: boolean) =>
          hits.filter((hit) =>
            hit.kind === kind && (machine === undefined || hit.machine === machine)
          ).length;
        const share = (part: number, whole: number) => part / whole;
        assert.deepEqual(only({ ...total.totals }, { opens: 0, clicks: 0 }), {
          opens: count("open", false),
          clicks: count("click", false),
        });
        assert.equal(total.totals.rates.open, share(count("open", false), figures.sent));
        assert.equal(total.totals.rates.click, share(count("click", false), figures.sent));
        assert.equal(total.totals.rates.reactivity, share(count("click", false), figures.opened));
        assert.deepEqual([total.all.totals.opens, total.all.totals.clicks], [
          count("open"),
          count("click"),
        ]);
      });

      await t.step("hot zones: each link and block of each message", async () => {
        for (const [message, group] of Map.groupBy(copies, (copy) => copy.message)) {
          const heat = await json<Heatmap>(platform, `/messages/${message}/heatmap`);
          const clicks = group.flatMap((copy) =>
            copy.hits.filter(({ kind }) => kind === "click").map((hit) => ({ ...hit, copy }))
          );
          const all = clicks.filter(({ machine }) => !machine).length;
          for (const { position, url, ...link } of heat.links) {
            const own = clicks.filter((hit) => hit.link === position);
            const people = own.filter(({ machine }) => !machine);
            assert.deepEqual(
              only({ ...link }, { recipients: 0, clicks: 0, machineClicks: 0, share: 0 }),
              {
                recipients: new Set(people.map(({ copy }) => copy)).size,
                clicks: people.length,
                machineClicks: own.length - people.length,
                share: all === 0 ? 0 : people.length / all,
              },
            );
            assert(own.every((hit) => hit.url === url));
          }
          if (group[0]!.subject !== "Winter") continue;
          assert.deepEqual(heat.links.map(({ text }) => text), [
            "All boots",
            "All coats",
            "All hats",
          ]);
          assert.equal(heat.blocks.length, 3);
          assert.equal(heat.blocks.reduce((sum, { clicks }) => sum + clicks, 0), all);
        }
      });

      await t.step("on what messages were read", async () => {
        const { items } = await json<{ items: Cell[] }>(
          platform,
          "/stats/technical?rows=os&columns=browser",
        );
        // The systems and browsers as those who made the hits know them; Gmail's proxy tells none.
        const wanted = [
          [[], [], 4],
          [["Linux"], [], 2],
          [["Linux"], ["Firefox"], 2],
          [["iOS"], [], 1],
        ] as const;
        for (const [row, column, count] of wanted) {
          const cell = items.find((item) =>
            item.row.join() === row.join() && item.column.join() === column.join()
          );
          assert.equal(cell?.count, count, `${row} ${column}: ${JSON.stringify(items)}`);
        }
        const phones = await json<{ items: Cell[] }>(
          platform,
          "/stats/technical?rows=support&columns=device",
        );
        const phone = phones.items.find(({ row, column }) =>
          row[0] === "mobile" && column[0] === "iPhone"
        );
        assert.equal(phone?.count, 1, JSON.stringify(phones.items));
      });

      await t.step("bounces by the code of the reply", async () => {
        const { items, total } = await json<Bounces>(platform, "/stats/bounces?by=code");
        const soft = copies.filter((copy) => statusOf(copy) === "soft_bounced");
        const hard = copies.filter((copy) => statusOf(copy) === "cancelled");
        assert.deepEqual([total.soft, total.hard], [soft.length, hard.length]);
        assert(hard.length > 0);
        for (const { keys, ...counts } of items) {
          const of = (group: Copy[]) =>
            group.filter(({ replyCode }) => String(replyCode ?? "") === keys.code).length;
          assert.deepEqual(counts, { soft: of(soft), hard: of(hard) }, keys.code);
        }
      });

      await t.step("series, reactions and hours of sending add up to the same", async () => {
        const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
        const series = await json<{ items: { key: string; points: { sent: number }[] }[] }>(
          platform,
          "/stats/series?interval=hour&groupBy=billingCode",
        );
        assert.deepEqual(
          new Map(series.items.map(({ key, points }) => [key, sum(points.map((p) => p.sent))])),
          new Map(
            [...Map.groupBy(copies, KEYS["billingCode"]!)].map(
              ([key, group]) => [key, figuresOf(group).sent],
            ),
          ),
        );
        const { items } = await json<{ items: Record<string, number>[] }>(
          platform,
          "/stats/reactions?unit=minute",
        );
        const people = copies.flatMap(({ hits }) => hits).filter(({ machine }) => !machine);
        const ofKind = (kind: string) => people.filter((hit) => hit.kind === kind).length;
        assert.deepEqual(
          ["opened", "clicked", "opens", "clicks"].map((key) => sum(items.map((i) => i[key]!))),
          [figures.opened, figures.clicked, ofKind("open"), ofKind("click")],
        );
        const hours = await json<{ items: Record<string, number>[] }>(
          platform,
          "/stats/sending-hours",
        );
        assert.deepEqual(
          ["sent", "opened", "clicked"].map((key) => sum(hours.items.map((i) => i[key]!))),
          [figures.sent, figures.opened, figures.clicked],
        );
      });

      await t.step("recipients of a message, by the seed's presets", async () => {
        const presets: Record<string, (copy: Copy) => boolean> = {
          all: () => true,
          delivered: ({ seen }) => seen.has("delivery.delivered"),
          cancelled: (copy) => ["soft_bounced", "cancelled"].includes(statusOf(copy)),
          engaged: isOpened,
        };
        for (const [message, group] of Map.groupBy(copies, (copy) => copy.message)) {
          for (const [preset, is] of Object.entries(presets)) {
            const { items } = await json<{ items: { recipient: string }[] }>(
              platform,
              `/messages/${message}/recipients?preset=${preset}`,
            );
            assert.deepEqual(
              items.map(({ recipient }) => recipient),
              group.filter(is).map(({ recipient }) => recipient).sort(),
              preset,
            );
          }
        }
      });
    } finally {
      await platform.remove();
    }
  },
});
