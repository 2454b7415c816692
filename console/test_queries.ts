/** For tests: queries and exports over plain data. */
import type { Queries, SuppressionRow } from "@chappe/analytics";
import { BadQueryError, createExports, type Exports, gridOf } from "@chappe/analytics";
import { recipientKey } from "@chappe/src/rules";
import type { Data } from "./test_data.ts";
import type { TestLog } from "./test_log.ts";

/** What was asked, in turn. */
export type Asked = { account: string; question: unknown }[];

export function queriesOf(data: Data, asked: Asked, log: TestLog): Queries {
  return {
    messages(account, filter, page) {
      asked.push({ account, question: { filter, page } });
      if (page.cursor === "bad") throw new BadQueryError("this cursor is not ours");
      const rows = (data.messages[account] ?? []).flatMap((message) => message.recipients);
      const start = Number(page.cursor ?? 0);
      const items = rows.slice(start, start + page.limit);
      const next = start + page.limit < rows.length ? String(start + page.limit) : null;
      return Promise.resolve({ items, next });
    },
    message: (account, id) =>
      Promise.resolve((data.messages[account] ?? []).find((m) => m.id === id) ?? null),
    messageHead: (account, id) =>
      Promise.resolve((data.messages[account] ?? []).find((m) => m.id === id) ?? null),
    hits(account, filter, page) {
      asked.push({ account, question: { filter, page } });
      return Promise.resolve({ items: [], next: null });
    },
    groups(account, filter, page) {
      asked.push({ account, question: { filter, page } });
      return Promise.resolve({ items: data.groups, next: null });
    },
    ownFields(account, scope) {
      asked.push({ account, question: scope });
      return Promise.resolve(data.ownFields);
    },
    series(account, question) {
      asked.push({ account, question });
      return Promise.resolve(data.series);
    },
    bounces(account, question) {
      asked.push({ account, question });
      return Promise.resolve(data.bounces);
    },
    heat(account, scope, blocks) {
      asked.push({ account, question: { scope, blocks } });
      return Promise.resolve(data.heat);
    },
    technical(account, question) {
      asked.push({ account, question });
      return Promise.resolve(data.technical);
    },
    reactions(account, question) {
      asked.push({ account, question });
      return Promise.resolve(data.reactions);
    },
    sendingHours(account, question) {
      asked.push({ account, question });
      return Promise.resolve(data.sendingHours);
    },
    stats(account, range) {
      asked.push({ account, question: range });
      return Promise.resolve(data.stats);
    },
    suppressions(account, filter, page) {
      asked.push({ account, question: { filter, page } });
      if (page.cursor === "bad") throw new BadQueryError("this cursor is not ours");
      return Promise.resolve({ items: suppressedIn(log, account), next: null });
    },
    suppression: (account, recipient) => {
      const key = recipientKey(recipient);
      const row = suppressedIn(log, account).find((row) => row.recipient === key);
      return Promise.resolve(row ?? null);
    },
    async *exportSuppressions(account, filter) {
      asked.push({ account, question: filter });
      yield* suppressedIn(log, account);
    },
    attempts(filter) {
      asked.push({ account: "", question: filter });
      const rows = filter.besides === undefined ? data.attempts : data.overflow;
      return Promise.resolve(rows.filter(({ at }) => at >= filter.from && at < filter.to));
    },
    reputation(address, now) {
      asked.push({ account: "", question: { address, now } });
      return Promise.resolve(data.reputation);
    },
    arrivals(account, { from, to }) {
      asked.push({ account, question: { from, to } });
      return Promise.resolve(data.arrivals.filter(({ at }) => at >= from && at < to));
    },
    position: () => log.lastSeq(),
    caughtUp: async (seq) => seq <= await log.lastSeq(),
  };
}

/** Messages by subject only; the list of suppressions is empty. */
export function exportsOf(data: Data, asked: Asked, queries: Queries): Exports {
  const nothing = { async *read() {}, close: () => Promise.resolve() };
  return {
    ...createExports(nothing, queries),
    messages(account, filter, shown) {
      asked.push({ account, question: { filter, shown } });
      const subjects = (data.messages[account] ?? []).map(({ subject }) => [subject]);
      return gridOf("messages", [{ name: "subject", type: "text" }], subjects);
    },
  };
}

/** Queries while ClickHouse is away. */
export function failingQueries(error: Error): Queries {
  const fail = () => Promise.reject(error);
  return {
    messages: fail,
    message: fail,
    messageHead: fail,
    hits: fail,
    groups: fail,
    ownFields: fail,
    series: fail,
    bounces: fail,
    heat: fail,
    technical: fail,
    reactions: fail,
    sendingHours: fail,
    stats: fail,
    suppressions: fail,
    suppression: fail,
    // deno-lint-ignore require-yield -- it fails before the first row
    async *exportSuppressions() {
      throw error;
    },
    attempts: fail,
    reputation: fail,
    arrivals: fail,
    position: fail,
    caughtUp: fail,
  };
}

/** By recipient. */
function suppressedIn(log: TestLog, account: string): SuppressionRow[] {
  const rows = new Map<string, SuppressionRow>();
  for (const event of log.of("suppression")) {
    const { recipient = "", by = null, at: addedAt } = event;
    if (event.account !== account) continue;
    if (event.type === "suppression.removed") rows.delete(recipient);
    if (event.type === "suppression.added") {
      const { reason, source, note = null } = event.data;
      rows.set(recipient, { recipient, reason, source, note, by, addedAt, message: null });
    }
  }
  return [...rows.values()].sort((a, b) => a.recipient < b.recipient ? -1 : 1);
}
