/** What a dashboard asks, of ClickHouse through `queries` and of PostgreSQL in its SQL. */
import type { Queries } from "../../analytics/mod.ts";

/** Which mail a question is about. */
export interface Subject {
  account: string;
  from: number;
  to: number;
  campaign: string;
  message: string;
}

export interface Question {
  name: string;
  clickhouse(queries: Queries, subject: Subject): Promise<unknown>;
  postgres(subject: Subject): string;
}

const DAY = 86_400_000;
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
const word = (text: string) => `(SELECT id FROM word WHERE text = ${quoted(text)})`;
const time = (ms: number) => `${quoted(new Date(ms).toISOString())}::timestamptz`;
const within = ({ account, from, to }: Subject) =>
  `account = ${word(account)} AND sent_at >= ${time(from)} AND sent_at < ${time(to)}`;
const ofCampaign = ({ account, campaign }: Subject) =>
  `account = ${word(account)} AND campaign = ${word(campaign)}`;

const FIGURES = `count(*) FILTER (WHERE status <> 6) AS sent, ` +
  [1, 2, 4, 5, 6].map((rank) => `count(*) FILTER (WHERE status = ${rank})`).join(", ") + ", " +
  "delivered opened clicked complained unsubscribed machine_opened machine_clicked".split(" ")
    .map((name) => `count(*) FILTER (WHERE ${name})`).join(", ") +
  ", count(*) FILTER (WHERE opened OR machine_opened OR machine_clicked), " +
  "count(*) FILTER (WHERE clicked OR machine_clicked), " +
  "sum(opens), sum(clicks), sum(machine_opens), sum(machine_clicks)";
const LIST =
  `message, rcpt, (SELECT text FROM word WHERE id = sender) AS sender, recipient, subject,
  sent_at, status, status_at, reply, opened, clicked, reference, opens, clicks`;

const grouped = (key: string) => (subject: Subject) =>
  `SELECT w.text, f.* FROM (SELECT ${key} AS key, ${FIGURES} FROM copies WHERE ${within(subject)}
    GROUP BY 1 ORDER BY count(*) DESC LIMIT 100) f JOIN word w ON w.id = f.key`;
const range = ({ from, to }: Subject) => ({ from, to });

/** Of many mailboxes. */
const REPLY = "5.1.1 no such user here";

export const QUESTIONS: readonly Question[] = [
  {
    name: "figures",
    clickhouse: (q, s) => q.stats(s.account, range(s)),
    postgres: (s) => `SELECT ${FIGURES} FROM copies WHERE ${within(s)}`,
  },
  {
    name: "figures by day",
    clickhouse: (q, s) => q.stats(s.account, { ...range(s), groupBy: "day" }),
    postgres: (s) =>
      `SELECT date_trunc('day', sent_at, 'UTC'), ${FIGURES} FROM copies WHERE ${
        within(s)
      } GROUP BY 1`,
  },
  ...(["provider", "domain", "campaign"] as const).map((groupBy): Question => ({
    name: `figures by ${groupBy}`,
    clickhouse: (q, s) => q.stats(s.account, { ...range(s), groupBy, limit: 100 }),
    postgres: grouped(groupBy),
  })),
  {
    name: "providers by day",
    clickhouse: (q, s) =>
      q.series(s.account, { ...range(s), groupBy: "provider", interval: "day", lines: 10 }),
    postgres: (s) =>
      `SELECT provider, date_trunc('day', sent_at, 'UTC'), ${FIGURES} FROM copies
        WHERE ${within(s)} GROUP BY 1, 2`,
  },
  {
    name: "bounces by class and provider",
    clickhouse: (q, s) =>
      q.bounces(s.account, { ...range(s), groupBy: ["class", "provider"], limit: 100 }),
    postgres: (s) =>
      `SELECT class, provider, count(*) FILTER (WHERE status = 4), count(*) FILTER (WHERE status = 5),
        (SELECT count(*) FROM copies WHERE ${within(s)} AND status <> 6)
        FROM copies WHERE ${within(s)} AND status IN (4, 5) GROUP BY 1, 2`,
  },
  {
    name: "technical pivot",
    clickhouse: (q, s) =>
      q.technical(s.account, {
        ...range(s),
        rows: ["os", "browser"],
        columns: ["device", "support"],
        hits: "both",
        count: "recipients",
        machines: false,
      }),
    postgres: (s) =>
      `SELECT os, browser, device, support, count(DISTINCT copy) FROM hits WHERE ${within(s)}
        AND NOT machine GROUP BY ROLLUP (os, browser), ROLLUP (device, support)`,
  },
  {
    name: "hot zones of a campaign",
    clickhouse: (q, s) => q.heat(s.account, { campaign: s.campaign }),
    postgres: (s) =>
      `SELECT link, max(url), count(*) FILTER (WHERE machine), count(*) FILTER (WHERE NOT machine),
        count(DISTINCT copy) FILTER (WHERE NOT machine) FROM hits WHERE ${ofCampaign(s)} AND click
        GROUP BY GROUPING SETS ((link), ())`,
  },
  {
    name: "reactions since sending",
    clickhouse: (q, s) => q.reactions(s.account, { ...range(s), unit: "hour", units: 72 }),
    postgres: (s) =>
      `SELECT click, least(since_sent / 3600000, 72), count(*), count(*) FILTER (WHERE n = 1)
        FROM (SELECT click, since_sent, row_number() OVER (PARTITION BY copy, click
          ORDER BY since_sent) AS n FROM hits WHERE ${within(s)} AND NOT machine) h GROUP BY 1, 2`,
  },
  {
    name: "best hour to send",
    clickhouse: (q, s) => q.sendingHours(s.account, { ...range(s), timezone: "Europe/Paris" }),
    postgres: (s) =>
      `SELECT extract(isodow FROM sent_at AT TIME ZONE 'Europe/Paris'),
        extract(hour FROM sent_at AT TIME ZONE 'Europe/Paris'), count(*) FILTER (WHERE status <> 6),
        count(*) FILTER (WHERE opened), count(*) FILTER (WHERE clicked)
        FROM copies WHERE ${within(s)} GROUP BY 1, 2`,
  },
  {
    name: "groups by status",
    clickhouse: (q, s) => q.groups(s.account, range(s), { groupBy: "status", limit: 50 }),
    postgres: (s) => `SELECT status, count(*) FROM copies WHERE ${within(s)} GROUP BY 1`,
  },
  {
    name: "newest messages",
    clickhouse: (q, s) => q.messages(s.account, range(s), { limit: 50 }),
    postgres: (s) => `SELECT ${LIST} FROM copies WHERE ${within(s)} ORDER BY sent_at DESC LIMIT 50`,
  },
  {
    name: "addresses at wanadoo that clicked",
    clickhouse: (q, s) =>
      q.messages(s.account, {
        ...range(s),
        where: {
          and: [
            { field: "recipient", operator: "contains", value: "@wanadoo" },
            { field: "clicked", operator: "eq", value: true },
          ],
        },
      }, { limit: 50, sort: "recipient" }),
    postgres: (s) =>
      `SELECT ${LIST} FROM copies WHERE ${within(s)} AND recipient ILIKE '%@wanadoo%' AND clicked
        ORDER BY recipient LIMIT 50`,
  },
  {
    name: "refused with the same reply",
    clickhouse: (q, s) =>
      q.messages(s.account, {
        ...range(s),
        status: ["soft_bounced", "cancelled"],
        where: { field: "bounceReply", operator: "eq", value: `550 ${REPLY}` },
      }, { limit: 50 }),
    postgres: (s) =>
      `SELECT ${LIST} FROM copies WHERE ${within(s)} AND status IN (4, 5)
        AND reply LIKE '{"code":550,%"text":"${REPLY}"}' ORDER BY sent_at DESC LIMIT 50`,
  },
  {
    name: "opened between two hours",
    clickhouse: (q, s) =>
      q.messages(s.account, {
        ...range(s),
        where: { field: "openedAt", operator: "between", value: [s.to - DAY / 2, s.to - DAY / 3] },
      }, { limit: 50, sort: "-openedAt" }),
    postgres: (s) =>
      `SELECT ${LIST} FROM copies WHERE ${within(s)} AND opened AND opened_at BETWEEN
        ${time(s.to - DAY / 2)} AND ${time(s.to - DAY / 3)} ORDER BY opened_at DESC LIMIT 50`,
  },
  {
    name: "recipients of a campaign who opened",
    clickhouse: (q, s) =>
      q.messages(s.account, {
        campaign: s.campaign,
        where: { field: "opened", operator: "eq", value: true },
      }, { limit: 50, sort: "recipient" }),
    postgres: (s) =>
      `SELECT ${LIST} FROM copies WHERE ${ofCampaign(s)} AND opened ORDER BY recipient LIMIT 50`,
  },
  {
    name: "one message",
    clickhouse: (q, s) => q.message(s.account, s.message),
    postgres: (s) =>
      `SELECT ${LIST} FROM copies WHERE account = ${word(s.account)}
        AND message = ${quoted(s.message)}`,
  },
];
