import assert from "node:assert/strict";
import { startTestClickHouse } from "@chappe/src/embedded";
import { loaded } from "../testing/loaded.ts";
import { naive, type NaiveDelivery } from "../testing/naive.ts";
import { ACCOUNTS, HOSTILE, traffic } from "../testing/traffic.ts";
import { BadQueryError, type Grouping, GROUPINGS, type MessageRow, type Queries } from "./port.ts";

/** Over the end of a month. */
const START = Date.UTC(2026, 9, 30);
const EVENTS = traffic(7, 400, START);
const ALL = naive(EVENTS);

function seen(row: MessageRow) {
  const { id, rcpt, recipient, recipientType, sender, subject, sentAt, status, statusAt } = row;
  const { reply, opened, clicked, address, pool, domain, provider, campaign, attempts } = row;
  const { opens, clicks, openedAt, clickedAt, name, fields } = row;
  const more = {
    name,
    fields,
    domain,
    provider,
    campaign,
    attempts,
    opens,
    clicks,
    openedAt,
    clickedAt,
  };
  const start = { id, rcpt, recipient, recipientType, sender, subject, sentAt, status, statusAt };
  return { ...start, reply, opened, clicked, address, pool, ...more };
}
function expected(d: NaiveDelivery) {
  const { id, rcpt, recipient, kind, sender, subject, sentAt, status, statusAt } = d;
  const { reply, opened, clicked, address, pool } = d;
  const start = { id, rcpt, recipient, recipientType: kind, sender, subject, sentAt, status };
  const more = {
    name: d.name || null,
    fields: d.fields,
    domain: new URL(`http://${recipient.split("@")[1]!}`).hostname,
    provider: d.provider || null,
    campaign: d.campaign || null,
    attempts: d.attempt,
    opens: d.opens.size,
    clicks: d.clicks.size,
    openedAt: d.openedAt,
    clickedAt: d.clickedAt,
  };
  return { ...start, statusAt, reply, opened, clicked, address, pool, ...more };
}
const byKey = (a: { id: string; rcpt: number }, b: { id: string; rcpt: number }) =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : a.rcpt - b.rcpt;

async function everyPage(queries: Queries, account: string, sort: string, limit: number) {
  const rows: MessageRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await queries.messages(account, {}, { sort, limit, cursor });
    rows.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return rows;
}

Deno.test("lists, details and figures say what the events say", async (t) => {
  await using clickhouse = await startTestClickHouse();
  const queries = await loaded(clickhouse.client, EVENTS);
  const of = (account: string) => ALL.filter((d) => d.account === account);

  await t.step("every delivery, as the events left it", async () => {
    for (const account of ACCOUNTS) {
      const { items, next } = await queries.messages(account, {}, { limit: 5000 });
      assert.equal(next, null);
      assert.deepEqual(
        items.map(seen).sort(byKey),
        of(account).map(expected).sort(byKey),
      );
    }
  });

  await t.step("another account sees nothing", async () => {
    const page = await queries.messages("nobody", {}, { limit: 10 });
    assert.deepEqual(page, { items: [], next: null });
    assert.equal(await queries.message("nobody", ALL[0]!.id), null);
    assert.equal((await queries.stats("nobody", {})).total.sent, 0);
    assert.deepEqual((await queries.stats("nobody", { groupBy: "day" })).items, []);
  });

  await t.step("filters, with hostile values too", async () => {
    const account = ACCOUNTS[1];
    const count = async (filter: Parameters<Queries["messages"]>[1]) =>
      (await queries.messages(account, filter, { limit: 5000 })).items.length;
    const same = async (
      filter: Parameters<Queries["messages"]>[1],
      keep: (d: NaiveDelivery) => boolean,
    ) => assert.equal(await count(filter), of(account).filter(keep).length, JSON.stringify(filter));

    for (const subject of [...HOSTILE, "%", "' OR 1 = 1 --", "ÉTÉ"]) {
      await same({ subject }, (d) => d.subject.toLowerCase().includes(subject.toLowerCase()));
    }
    await same({ recipient: "ORANGE" }, (d) => /orange/i.test(d.recipient));
    await same({ sender: "bills@example.com" }, (d) => d.sender === "bills@example.com");
    await same({ status: ["opened", "cancelled"] }, (d) => /^(opened|cancelled)$/.test(d.status));
    await same({ status: [] }, () => false);
    await same({ type: "bcc" }, (d) => d.kind === "bcc");
    await same({ campaign: "spring" }, (d) => d.campaign === "spring");
    await same({ reference: "ref-12" }, (d) => d.reference === "ref-12");
    for (const text of HOSTILE) {
      await same({ billingCode: text }, (d) => d.billingCode === text);
      await same({ attentions: { attention3: text } }, (d) => d.attention3 === text);
    }
    await same({ attentions: { attention3: HOSTILE[0]!, attention4: "x" } }, () => false);
    const [from, to] = [of(account)[40]!.sentAt, of(account)[90]!.sentAt];
    await same({ from, to }, (d) => d.sentAt >= from && d.sentAt < to);
    await same({ from: -1, to: 1e15 }, () => true);
    await same({ message: of(account)[3]!.id }, (d) => d.id === of(account)[3]!.id);
    await same({ message: "'; SELECT 1" }, () => false);
  });

  await t.step("pages by any column give every row once, in order", async () => {
    const account = ACCOUNTS[0];
    const { fields: _, ...columns } = expected(ALL[0]!);
    for (const column of Object.keys(columns)) {
      for (const sort of [column, `-${column}`]) {
        const rows = await everyPage(queries, account, sort, 97);
        assert.deepEqual(rows.map(seen).sort(byKey), of(account).map(expected).sort(byKey), sort);
      }
    }
    const bySubject = await everyPage(queries, account, "subject", 37);
    const bytes = (text: string) => new TextEncoder().encode(text).toHex();
    assert.deepEqual(
      bySubject.map((row) => bytes(row.subject)),
      bySubject.map((row) => bytes(row.subject)).sort(),
    );
    const newest = await everyPage(queries, account, "-sentAt", 1000);
    assert.deepEqual(
      newest.map((r) => r.sentAt),
      newest.map((r) => r.sentAt).sort((a, b) => b - a),
    );
  });

  await t.step("a sort or cursor that is not ours is refused with the reason", async () => {
    const list = (page: { sort?: string; cursor?: string; limit?: number }) =>
      queries.messages("demo", {}, { limit: 5, ...page });
    const forged = (cursor: Record<string, unknown>) =>
      btoa(JSON.stringify({ sort: "-sentAt", message: ALL[0]!.id, rcpt: 0, ...cursor }))
        .replace(/=+$/, "");
    const { next } = await list({ sort: "recipient" });
    const refusals: [Parameters<typeof list>[0], RegExp][] = [
      [{ sort: "headers" }, /no column "headers"; there are id, rcpt, sender/],
      [{ sort: "constructor" }, /no column "constructor"/],
      [{ sort: "id; DROP TABLE facts" }, /no column/],
      [{ cursor: "nonsense" }, /not one of ours/],
      [{ cursor: forged({}) }, /not one of ours/],
      [{ cursor: forged({ value: "text" }) }, /not one of ours/],
      [{ cursor: forged({ value: 1e300 }) }, /not one of ours/],
      [{ limit: 0 }, /whole number from 1 to 10000, got 0/],
      [{ limit: 1.5 }, /whole number from 1/],
      [{ cursor: next!, sort: "-sentAt" }, /sorted by recipient, not -sentAt/],
    ];
    for (const [page, message] of refusals) {
      await assert.rejects(list(page), (error) => {
        return error instanceof BadQueryError && message.test(error.message);
      });
    }
  });

  await t.step("figures, in all and by every grouping", async () => {
    const account = ACCOUNTS[0];
    const domain = (d: NaiveDelivery) => new URL(`http://${d.recipient.split("@")[1]!}`).hostname;
    const iso = (unit: number) => (d: NaiveDelivery) =>
      new Date(d.sentAt - d.sentAt % unit).toISOString();
    const keys: Record<Grouping, (d: NaiveDelivery) => string> = {
      day: iso(86_400_000),
      hour: iso(3_600_000),
      provider: (d) => d.provider,
      domain,
      pool: (d) => d.pool ?? "",
      address: (d) => d.address ?? "",
      campaign: (d) => d.campaign,
      billingCode: (d) => d.billingCode,
    };
    for (const groupBy of GROUPINGS) {
      const { items, total } = await queries.stats(account, { groupBy });
      const groups = Map.groupBy(of(account), keys[groupBy]);
      assert.deepEqual(new Set(items.map((item) => item.key)), new Set(groups.keys()), groupBy);
      for (const { key, ...figures } of items) assert.deepEqual(figures, count(groups.get(key)!));
      assert.deepEqual(total, count(of(account)));
    }
    const { items } = await queries.stats(account, { groupBy: "hour" });
    assert.deepEqual(items.map((i) => i.key), items.map((i) => i.key).sort());
    const [from, to] = [of(account)[30]!.sentAt, of(account)[80]!.sentAt];
    const range = await queries.stats(account, { from, to });
    assert.deepEqual(range.items, []);
    assert.deepEqual(
      range.total,
      count(of(account).filter((d) => d.sentAt >= from && d.sentAt < to)),
    );
  });

  await t.step("a message with its recipients and their events in order", async () => {
    const two = ALL.find((d) => d.rcpt === 1 && d.opened)!;
    const detail = (await queries.message(two.account, two.id))!;
    const events = [...new Map(EVENTS.map((e) => [e.id, e])).values()]
      .filter((e) => e.message === two.id);
    const accepted = events.find((e) => e.type === "message.accepted")!;
    assert.equal(detail.messageId, accepted.data.messageId);
    assert.equal(detail.size, accepted.data.size);
    assert.equal(detail.body, accepted.data.body);
    assert.equal(detail.sentAt, accepted.at);
    assert.deepEqual(detail.references, accepted.data.references);
    assert.deepEqual(detail.recipients.map((r) => r.rcpt), [
      ...accepted.data.recipients.keys(),
    ]);
    for (const recipient of detail.recipients) {
      const own = events.filter((e) => e.rcpt === undefined || e.rcpt === recipient.rcpt);
      assert.deepEqual(
        recipient.events.map(({ id, type, at, rcpt }) => ({ id, type, at, rcpt })),
        own.map(({ id, type, at }) => ({ id, type, at, rcpt: recipient.rcpt })),
      );
      const opened = recipient.events.find((e) => e.type === "engagement.opened");
      if (opened !== undefined) assert.equal(typeof opened.data["actor"], "string");
    }
    const { id, sender, body } = detail;
    assert.deepEqual(await queries.messageHead(two.account, two.id), { id, sender, body });
    const other = ACCOUNTS.find((account) => account !== two.account)!;
    for (const ask of [queries.message, queries.messageHead]) {
      assert.equal(await ask(two.account, "nonsense' OR 1=1"), null);
      assert.equal(await ask(other, two.id), null);
    }
  });
});

function count(group: readonly NaiveDelivery[]) {
  const n = (keep: (d: NaiveDelivery) => boolean) => group.filter(keep).length;
  const sent = n((d) => d.status !== "blacklisted");
  const [opened, clicked] = [n((d) => d.opened), n((d) => d.clicked)];
  const [softBounced, cancelled] = [
    n((d) => d.status === "soft_bounced"),
    n((d) => d.status === "cancelled"),
  ];
  const [complained, unsubscribed] = [n((d) => d.complained), n((d) => d.unsubscribed)];
  const all = {
    opened: n((d) => d.opened || d.machineOpened || d.machineClicked),
    clicked: n((d) => d.clicked || d.machineClicked),
  };
  const hits = (of: (d: NaiveDelivery) => Set<string>) =>
    group.reduce((sum, d) => sum + of(d).size, 0);
  const [opens, clicks] = [hits((d) => d.opens), hits((d) => d.clicks)];
  const machine = { opens: hits((d) => d.machineOpens), clicks: hits((d) => d.machineClicks) };
  const rate = (part: number, whole: number) => whole === 0 ? 0 : part / whole;
  const rates = (distinct: number, opens: number, clicks: number) => ({
    open: rate(opens, sent),
    click: rate(clicks, sent),
    reactivity: rate(clicks, distinct),
  });
  const every = { opens: opens + machine.opens, clicks: clicks + machine.clicks };
  return {
    sent,
    pending: n((d) => d.status === "pending"),
    deferred: n((d) => d.status === "deferred"),
    delivered: n((d) => d.delivered),
    opened,
    clicked,
    softBounced,
    cancelled,
    complained,
    blacklisted: n((d) => d.status === "blacklisted"),
    unsubscribed,
    rates: {
      ...rates(opened, opened, clicked),
      bounce: rate(cancelled + softBounced, sent),
      spam: rate(complained, sent),
      unsubscribe: rate(unsubscribed, sent),
    },
    totals: { opens, clicks, rates: rates(opened, opens, clicks) },
    machine: { opened: n((d) => d.machineOpened), clicked: n((d) => d.machineClicked), ...machine },
    all: {
      ...all,
      rates: rates(all.opened, all.opened, all.clicked),
      totals: { ...every, rates: rates(all.opened, every.opens, every.clicks) },
    },
  };
}
