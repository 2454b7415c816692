/** The questions of `port.ts`, answered by ClickHouse. */
import type { ClickHouseClient } from "@clickhouse/client";
import { readHead } from "../load/head.ts";
import { databaseName, DEFAULT_DATABASE } from "../schema/database.ts";
import { caughtUp } from "./caught_up.ts";
import { createBuilder } from "./compiler.ts";
import { bounces } from "./bounces.ts";
import { groups } from "./groups.ts";
import { heat } from "./heat.ts";
import { hitList } from "./hit_list.ts";
import { message, messageHead } from "./message.ts";
import { messages } from "./messages.ts";
import { HITS_OF_COPY, type Queries } from "./port.ts";
import { arrivals, attempts } from "./sent.ts";
import { ownFields } from "./own_fields.ts";
import { reactions } from "./reactions.ts";
import { reputation } from "./reputation.ts";
import { sendingHours } from "./sending_hours.ts";
import { series } from "./series.ts";
import { stats } from "./stats.ts";
import { exportSuppressions, suppression, suppressions } from "./suppressions.ts";
import { technical } from "./technical.ts";

/** @param client one of its own: the loader's would make questions wait for its inserts */
export function createQueries(
  client: ClickHouseClient,
  { database = DEFAULT_DATABASE }: { database?: string } = {},
): Queries {
  const db = createBuilder(databaseName(database));
  const position = async () => (await readHead(client, database)).seq;
  return {
    messages: (account, filter, page) => messages(client, db, account, filter, page),
    message: (account, id, most = HITS_OF_COPY) => message(client, db, account, id, most),
    messageHead: (account, id) => messageHead(client, db, account, id),
    hits: (account, filter, page) => hitList(client, db, account, filter, page),
    groups: (account, filter, page) => groups(client, db, account, filter, page),
    ownFields: (account, scope) => ownFields(client, db, account, scope),
    stats: (account, question) => stats(client, db, account, question),
    series: (account, question) => series(client, db, account, question),
    bounces: (account, question) => bounces(client, db, account, question),
    heat: (account, scope, blocks) => heat(client, db, account, scope, blocks),
    technical: (account, question) => technical(client, db, account, question),
    reactions: (account, question) => reactions(client, db, account, question),
    sendingHours: (account, question) => sendingHours(client, db, account, question),
    suppressions: (account, filter, page) => suppressions(client, db, account, filter, page),
    suppression: (account, recipient) => suppression(client, db, account, recipient),
    exportSuppressions: (account, filter) => exportSuppressions(client, db, account, filter),
    attempts: (filter) => attempts(client, db, filter),
    reputation: (address, now) => reputation(client, db, address, now),
    arrivals: (account, range) => arrivals(client, db, account, range),
    position,
    caughtUp: (seq, timeoutMs) => caughtUp(position, seq, timeoutMs),
  };
}
