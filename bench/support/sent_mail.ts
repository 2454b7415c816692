/**
 * What a busy platform sends in 90 days, made by ClickHouse itself and put into `facts`, day by day, so
 * that the real views do their work: 20 accounts whose shares follow Zipf's law, campaigns and single
 * messages, domains with a long tail, bounces, hits that decay. The same for the same number.
 */
import type { ClickHouseClient } from "@clickhouse/client";

/** Last moment of it, ms UTC. */
export const END = Date.UTC(2026, 10, 22);
export const DAYS = 90;
export const START = END - DAYS * 86_400_000;
export const ACCOUNTS = 20;
/** Facts that come of one copy, on average. */
const EVENTS_PER_COPY = 2.55;

/** A number from 0 to 1 for copy `n`, another for each salt. */
const u = (salt: string, of = "n") => `(cityHash64(${of}, '${salt}') / 18446744073709551616)`;
/** One of the places of a list, the first most often. */
const zipf = (salt: string, size: number, of = "n") => {
  let sum = 0;
  const weights = Array.from({ length: size }, (_, i) => sum += 1 / (i + 1));
  const steps = weights.map((weight) => (weight / sum).toFixed(6));
  return `(arrayFirstIndex(x -> ${u(salt, of)} < x, [${steps.join(",")}, 1.1]) - 1)`;
};
const pick = (salt: string, values: readonly string[], of = "n") =>
  `arrayElement([${
    values.map((v) => `'${v}'`).join(",")
  }], 1 + cityHash64(${of}, '${salt}') % ${values.length})`;
const oneOf = (index: string, values: readonly string[]) =>
  `arrayElement([${values.map((v) => `'${v}'`).join(",")}], 1 + ${index})`;

const DOMAINS = ["gmail.com", "orange.fr", "hotmail.com", "wanadoo.fr", "free.fr", "yahoo.fr"];
const PROVIDERS = ["gmail", "orange", "outlook", "orange", "free", "yahoo", "other"];
const REPLIES = [
  "550|5.1.1|unknown-user|5.1.1 no such user here",
  "550|5.7.1|spam|5.7.1 message refused, see https://postmaster.example/spam",
  "552|5.2.2|mailbox-full|5.2.2 mailbox is full",
  "452|4.2.2|mailbox-full|4.2.2 over quota",
  "421|4.7.0|rate|4.7.0 too many messages, try again later",
];
/** os, browser, brand, model, device_type, support, mail_client */
const CLIENTS = [
  "iOS|Mobile Safari|Apple|iPhone|mobile|mobile|Apple Mail",
  "Windows|Chrome|||desktop|webmail|Gmail",
  "Android|Chrome|Samsung|SM-G991B|mobile|mobile|Gmail",
  "Windows|Outlook|||desktop|desktop|Outlook",
  "Mac OS|Safari|Apple|Macintosh|desktop|desktop|Apple Mail",
  "Windows|Edge|||desktop|webmail|Outlook.com",
  "iOS|Mobile Safari|Apple|iPad|tablet|tablet|Apple Mail",
  "Android|Chrome|HUAWEI|P30|mobile|mobile|Orange",
  "Linux|Firefox|||desktop|desktop|Thunderbird",
];

/** Each copy as a function of its number `n`. */
const COPY = `
  -- One in five messages goes to four recipients.
  if(n % 20 < 16, n, n - n % 4) AS m,
  toInt32(n - m) AS rcpt,
  concat('account-', leftPad(toString(${zipf("account", ACCOUNTS, "m")}), 2, '0')) AS account,
  toInt64(least(toUInt64(m * ${DAYS} / {copies:UInt64}), ${DAYS - 1})) AS sent_day,
  -- By day more than by night.
  toInt64(${START} + sent_day * 86400000 + 86400000 *
    if(${u("night", "m")} < 0.2, ${u("hour", "m")}, 0.33 + 0.42 * ${u("hour", "m")})) AS sent_ms,
  leftPad(lower(hex(sent_ms)), 12, '0') AS time_hex,
  lower(hex(cityHash64(m, 'id'))) AS id_hex,
  toUUID(concat(substring(time_hex, 1, 8), '-', substring(time_hex, 9, 4), '-7', substring(id_hex, 1, 3),
    '-8', substring(id_hex, 4, 3), '-', leftPad(substring(id_hex, 5, 12), 12, '0'))) AS message,
  cityHash64(m, 'campaign') % 10 < 6 AS in_campaign,
  if(in_campaign, concat('week-', toString(intDiv(sent_day, 7)), '-', toString(cityHash64(m) % 3)), '')
    AS campaign,
  ${zipf("domain", 7)} AS top,
  if(top < 6, ${oneOf("top", [...DOMAINS, ""])},
    concat('company', toString(toUInt32(least(pow(${
  u("tail")
}, -1.1), 40000))), '.example')) AS domain,
  ${oneOf("top", PROVIDERS)} AS provider,
  concat('person', toString(cityHash64(n, 'person') % 500000), '@', domain) AS recipient,
  concat('news@', account, '.example') AS sender,
  if(in_campaign, concat('Offers of ', campaign), concat('Your order ', toString(m))) AS subject,
  concat('unit-', toString(cityHash64(m, 'unit') % 8)) AS billing_code,
  concat('ref-', toString(m)) AS customer_reference,
  ${pick("address", ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"])} AS address,
  if(cityHash64(n, 'pool') % 4 = 0, 'dedicated', 'shared') AS pool,
  ${u("outcome")} AS outcome,
  splitByChar('|', ${pick("reply", REPLIES)}) AS reply_parts,
  splitByChar('|', arrayElement([${CLIENTS.map((c) => `'${c}'`).join(",")}],
    1 + ${zipf("client", CLIENTS.length)})) AS client`;

/** What happens to a copy: when it applies, how long after sending (ms), and how often. */
const EVENTS: Readonly<Record<string, { when: string; after: string; times?: string }>> = {
  "message.accepted": { when: "1", after: "0" },
  "delivery.suppressed": { when: "outcome < 0.008", after: "900" },
  "delivery.deferred": {
    when: "outcome >= 0.008 AND cityHash64(n, 'deferred') % 20 = 0",
    after: "4000",
  },
  "delivery.bounced": { when: "outcome BETWEEN 0.008 AND 0.033", after: "300000" },
  "delivery.delivered": { when: "outcome >= 0.035", after: "300000" },
  "engagement.opened": {
    when: `outcome >= 0.1 AND ${u("open")} < 0.24`,
    after: `toInt64(320000 - log(${u("delay", "n, i")}) * if(i = 0, 21600000, 172800000))`,
    times: `1 + toUInt32(least(-log(${u("opens")}) * 0.9, 12))`,
  },
  // Proxies that load all images at once.
  "engagement.opened by machine": {
    when: `outcome >= 0.1 AND ${u("proxy")} < 0.16`,
    after: `toInt64(305000 + ${u("prefetch")} * 60000)`,
  },
  "engagement.clicked": {
    when: `outcome >= 0.1 AND ${u("open")} < 0.034`,
    after: `toInt64(380000 - log(${u("click", "n, i")}) * if(i = 0, 28800000, 172800000))`,
    times: `1 + toUInt32(least(-log(${u("clicks")}) * 0.6, 8))`,
  },
  "feedback.unsubscribed": { when: `outcome >= 0.1 AND ${u("open")} < 0.002`, after: "43200000" },
  "feedback.complained": { when: `outcome >= 0.1 AND ${u("spam")} < 0.0004`, after: "86400000" },
};

const STRENGTH: Readonly<Record<string, number>> = {
  "message.accepted": 1,
  "delivery.deferred": 2,
  "delivery.delivered": 3,
  "delivery.suppressed": 6,
  "engagement.opened": 7,
  "engagement.clicked": 8,
  "feedback.unsubscribed": 9,
  "feedback.complained": 10,
};

/** @returns how many facts there are */
export async function sendMail(
  client: ClickHouseClient,
  database: string,
  events: number,
  onProgress: (day: number) => void,
): Promise<number> {
  const copies = Math.ceil(events / EVENTS_PER_COPY);
  const run = (query: string, more: Record<string, unknown> = {}) =>
    client.command({ query, query_params: { copies, ...more } });
  await run(`CREATE TABLE ${database}.happened (at Int64, n UInt64, what LowCardinality(String),
    i UInt32) ENGINE = MergeTree ORDER BY at`);
  for (const [what, { when, after, times = "1" }] of Object.entries(EVENTS)) {
    await run(`INSERT INTO ${database}.happened
      SELECT at, n, '${what}', i FROM (
        SELECT number AS n, ${COPY}, arrayJoin(range(toUInt32(${times}))) AS i,
          sent_ms + ${after} AS at
        FROM numbers({copies:UInt64}) WHERE ${when})
      WHERE at < ${END} + 5 * 86400000`);
  }
  // What was recorded on one day arrives together; the last days of hits after the last message.
  for (let day = 0; day < DAYS + 5; day++) {
    const from = START + day * 86_400_000;
    await run(`INSERT INTO ${database}.facts ${FACTS(database)}`, { from, day });
    onProgress(day + 1);
  }
  await run(`DROP TABLE ${database}.happened SYNC`);
  const result = await client.query({
    query: `SELECT toUInt32(count()) FROM ${database}.facts`,
    format: "JSONCompactEachRow",
  });
  return (await result.json<[number]>())[0]![0];
}

const STATUS = Object.entries(STRENGTH)
  .map(([type, rank]) => `type = '${type}' AND machine = 0, ${rank}`).join(", ");

/** Rows of one day; whatever is not named here keeps what no event says. */
function FACTS(database: string): string {
  return `(seq, idx, batch, recorded, at, id, type, account, day, message, rcpt, recipient, domain,
    campaign, kind, sender, subject, billing_code, customer_reference, headers, attempt, address, pool,
    provider, reply_code, reply_enhanced, reply, class, bounce_kind, actor, machine, link, url,
    status_key, data, reason, device_type, brand, model, os, os_version, browser, browser_version,
    mail_client, support, language, since_sent, mark)
  WITH ${COPY},
    substringIndex(what, ' ', 1) AS type,
    type = 'message.accepted' AS accepted,
    startsWith(type, 'delivery.') AND type != 'delivery.suppressed' AS tried,
    type = 'delivery.bounced' OR type = 'delivery.deferred' AS failed,
    type = 'engagement.clicked' AS click,
    type = 'engagement.opened' OR click AS hit,
    what = 'engagement.opened by machine' AS machine,
    ${zipf("link", 12, "n, i")} AS position,
    if(type = 'delivery.deferred', '451', if(failed, reply_parts[1], '250')) AS code,
    if(hit, client, ['', '', '', '', '', '', '']) AS c
  SELECT
    1 + {day:UInt64} * 10000000 + rowNumberInAllBlocks(), 0, 1 + {day:UInt64} * 10000000,
    fromUnixTimestamp64Milli(happened.at) AS recorded, recorded,
    reinterpretAsUUID(sipHash128(n, what, i)) AS id, type, account,
    toDate(fromUnixTimestamp64Milli(sent_ms, 'UTC')), message, rcpt,
    recipient, domain, campaign,
    if(accepted, if(rcpt = 0, 'to', 'cc'), ''), if(accepted, sender, ''), if(accepted, subject, ''),
    if(accepted, billing_code, ''), if(accepted, customer_reference, ''),
    if(accepted, concat('{"billingCode":"', billing_code, '","customerReference":"',
      customer_reference, '"}'), ''),
    if(tried, if(type = 'delivery.deferred', 1, 2), 0), if(tried, address, ''), if(tried, pool, ''),
    if(tried, provider, ''), if(tried, toUInt16(code), 0), if(failed, reply_parts[2], ''),
    if(tried, concat('{"code":', code, ',"enhanced":',
      if(failed, concat('"', reply_parts[2], '"'), 'null'), ',"text":"',
      if(failed, reply_parts[4], concat('2.0.0 Ok: queued as ', lower(hex(cityHash64(n))))), '"}'), ''),
    if(failed, reply_parts[3], ''),
    if(type = 'delivery.bounced', if(reply_parts[1] < '5', 'soft', 'hard'), ''),
    if(hit, if(machine, 'apple-mpp', 'human'), ''), machine,
    if(click, toInt32(position), -1),
    if(click, concat('https://shop.example/', campaign, '/page-', toString(position)), ''),
    multiIf(type = 'delivery.bounced', if(reply_parts[1] < '5', 4, 5), ${STATUS}, 0)
      * 8796093022208 + if(machine, 0, happened.at),
    '{}', if(hit, 'agent', ''), c[5], c[3], c[4], c[1], if(hit, toString(10 + n % 8), ''), c[2],
    if(hit, toString(120 + n % 20), ''), c[7], c[6], if(hit, 'fr', ''),
    if(hit, happened.at - sent_ms, -1),
    if(hit, bitOr(bitShiftLeft(toUInt64(happened.at), 20),
      if(click, 524288, 0) + sipHash64(n, what, i) % 524288), 0)
  FROM ${database}.happened AS happened
  WHERE happened.at >= {from:Int64} AND happened.at < {from:Int64} + 86400000
  ORDER BY happened.at
  SETTINGS max_insert_block_size = 10000000, min_insert_block_size_rows = 10000000,
    min_insert_block_size_bytes = 4000000000`;
}
