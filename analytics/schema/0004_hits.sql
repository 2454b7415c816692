-- REBUILD: what is added to `facts` here can only be worked out from the log.
--
-- Hits, each with who made it and on what; and deliveries that stay right when a later hit shows an
-- earlier one to have been a scanner's.
ALTER TABLE {database}.facts
  -- engagement.*: the rule that decided on `actor`, and on what the message was read (load/classify).
  ADD COLUMN IF NOT EXISTS reason LowCardinality(String),
  ADD COLUMN IF NOT EXISTS device_type LowCardinality(String),
  ADD COLUMN IF NOT EXISTS brand LowCardinality(String),
  ADD COLUMN IF NOT EXISTS model LowCardinality(String),
  ADD COLUMN IF NOT EXISTS os LowCardinality(String),
  ADD COLUMN IF NOT EXISTS os_version LowCardinality(String),
  ADD COLUMN IF NOT EXISTS browser LowCardinality(String),
  ADD COLUMN IF NOT EXISTS browser_version LowCardinality(String),
  ADD COLUMN IF NOT EXISTS mail_client LowCardinality(String),
  ADD COLUMN IF NOT EXISTS support LowCardinality(String),
  -- First of Accept-Language.
  ADD COLUMN IF NOT EXISTS language LowCardinality(String),
  -- ms; -1: not known.
  ADD COLUMN IF NOT EXISTS since_sent Int64 DEFAULT -1,
  -- The hit in 8 bytes, told apart from others on its copy: ms UTC * 2^20 + 2^19 if it is a click + the
  -- last 19 bits of its id.
  ADD COLUMN IF NOT EXISTS mark UInt64,
  -- Earlier hits on the same copy that this one shows to have been a scanner's: ids, and marks.
  ADD COLUMN IF NOT EXISTS revokes Array(UUID),
  ADD COLUMN IF NOT EXISTS revoked_marks Array(UInt64);

-- One row per hit once parts are merged: a hit's own row, and one for each later hit that revokes it.
-- All columns take the maximum, and what a row does not say is the least value; so rows may come in any
-- order and however often. Always read with FINAL (queries/hits.ts does).
CREATE TABLE IF NOT EXISTS {database}.hits (
  account LowCardinality(String),
  -- Of the message id, as in `deliveries`.
  day Date,
  message UUID,
  rcpt Int32,
  id UUID,
  at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
  -- open, click
  kind SimpleAggregateFunction(max, LowCardinality(String)),
  -- -1: none.
  link SimpleAggregateFunction(max, Int32),
  url SimpleAggregateFunction(max, String),
  campaign SimpleAggregateFunction(max, LowCardinality(String)),
  -- As judged when it came, and why.
  actor SimpleAggregateFunction(max, LowCardinality(String)),
  reason SimpleAggregateFunction(max, LowCardinality(String)),
  -- Why it counts as a scanner's after all; empty as long as `actor` stands.
  revoked SimpleAggregateFunction(max, LowCardinality(String)),
  -- Whether it counts as a machine's.
  machine SimpleAggregateFunction(max, UInt8),
  device_type SimpleAggregateFunction(max, LowCardinality(String)),
  brand SimpleAggregateFunction(max, LowCardinality(String)),
  model SimpleAggregateFunction(max, LowCardinality(String)),
  os SimpleAggregateFunction(max, LowCardinality(String)),
  os_version SimpleAggregateFunction(max, LowCardinality(String)),
  browser SimpleAggregateFunction(max, LowCardinality(String)),
  browser_version SimpleAggregateFunction(max, LowCardinality(String)),
  mail_client SimpleAggregateFunction(max, LowCardinality(String)),
  support SimpleAggregateFunction(max, LowCardinality(String)),
  ip SimpleAggregateFunction(max, String),
  language SimpleAggregateFunction(max, LowCardinality(String)),
  since_sent SimpleAggregateFunction(max, Int64)
)
ENGINE = AggregatingMergeTree
-- By week, so that what comes in now leaves older weeks in one part, which FINAL need not merge.
PARTITION BY toMonday(day)
ORDER BY (account, day, message, rcpt, id)
SETTINGS
  -- See 0002.
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_age_to_force_merge_seconds = 60,
  min_age_to_force_merge_on_partition_only = 1;

-- Columns in the order of `hits`: load/mend.ts inserts by place.
CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.hits_feed TO {database}.hits AS
SELECT
  account,
  day,
  message,
  rcpt,
  hit AS id,
  if(hit = facts.id, facts.at, toDateTime64(0, 3, 'UTC')) AS at,
  if(hit = facts.id, substring(type, 12, length(type) - 13), '') AS kind,
  if(hit = facts.id, facts.link, -1) AS link,
  if(hit = facts.id, facts.url, '') AS url,
  if(hit = facts.id, facts.campaign, '') AS campaign,
  if(hit = facts.id, facts.actor, '') AS actor,
  if(hit = facts.id, facts.reason, '') AS reason,
  if(hit = facts.id, '', facts.reason) AS revoked,
  if(hit = facts.id, facts.machine, 1) AS machine,
  if(hit = facts.id, facts.device_type, '') AS device_type,
  if(hit = facts.id, facts.brand, '') AS brand,
  if(hit = facts.id, facts.model, '') AS model,
  if(hit = facts.id, facts.os, '') AS os,
  if(hit = facts.id, facts.os_version, '') AS os_version,
  if(hit = facts.id, facts.browser, '') AS browser,
  if(hit = facts.id, facts.browser_version, '') AS browser_version,
  if(hit = facts.id, facts.mail_client, '') AS mail_client,
  if(hit = facts.id, facts.support, '') AS support,
  if(hit = facts.id, facts.ip, '') AS ip,
  if(hit = facts.id, facts.language, '') AS language,
  if(hit = facts.id, facts.since_sent, -1) AS since_sent
FROM {database}.facts AS facts
ARRAY JOIN arrayConcat([facts.id], facts.revokes) AS hit
WHERE type IN ('engagement.opened', 'engagement.clicked') AND rcpt >= 0;

DROP VIEW IF EXISTS {database}.deliveries_feed SYNC;
DROP TABLE IF EXISTS {database}.deliveries SYNC;

-- One row per account, message and recipient, folded from `facts`. Every aggregate is idempotent and
-- commutative, so a batch, or an event, that arrives twice changes nothing.
--
-- Always read with FINAL (queries/delivery.ts does): weeks that stand in one part are then read as they
-- are, and only the others are merged while reading.
CREATE TABLE {database}.deliveries (
  account LowCardinality(String),
  day Date,
  message UUID,
  rcpt Int32,
  -- Of all events but hits; of hits that counted as human when they came.
  status_key SimpleAggregateFunction(max, UInt64),
  hit_status_key SimpleAggregateFunction(max, UInt64),
  -- From message.accepted. sent_at 0: not seen (yet).
  sent_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
  recipient SimpleAggregateFunction(max, String),
  domain SimpleAggregateFunction(max, LowCardinality(String)),
  kind SimpleAggregateFunction(max, LowCardinality(String)),
  sender SimpleAggregateFunction(max, String),
  subject SimpleAggregateFunction(max, String),
  campaign SimpleAggregateFunction(max, LowCardinality(String)),
  billing_code SimpleAggregateFunction(max, LowCardinality(String)),
  customer_reference SimpleAggregateFunction(max, String),
  headers SimpleAggregateFunction(max, String),
  -- What has happened, whatever came after.
  delivered SimpleAggregateFunction(max, UInt8),
  complained SimpleAggregateFunction(max, UInt8),
  unsubscribed SimpleAggregateFunction(max, UInt8),
  machine_opened SimpleAggregateFunction(max, UInt8),
  machine_clicked SimpleAggregateFunction(max, UInt8),
  -- Marks of hits: those that counted as human when they came, as a machine's, and those revoked since.
  human SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64)),
  machine SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64)),
  revoked SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64)),
  -- Number of the last attempt.
  attempt SimpleAggregateFunction(max, UInt32),
  -- Of the last attempt, each after 8 bytes that order attempts. States of argMax, and tuples, take
  -- up to three times as long to read and merge.
  address SimpleAggregateFunction(max, String),
  pool SimpleAggregateFunction(max, String),
  provider SimpleAggregateFunction(max, String),
  class SimpleAggregateFunction(max, String),
  reply SimpleAggregateFunction(max, String)
)
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(day)
ORDER BY (account, day, message, rcpt)
SETTINGS
  -- A list reads single rows from anywhere. (More in what older versions made, until it is rebuilt.)
  index_granularity = 512,
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_age_to_force_merge_seconds = 60,
  min_age_to_force_merge_on_partition_only = 1;

-- Columns in the order of `deliveries`: load/mend.ts inserts by place.
CREATE MATERIALIZED VIEW {database}.deliveries_feed TO {database}.deliveries AS
WITH
  type IN ('engagement.opened', 'engagement.clicked') AS is_hit,
  -- Order of attempts: by time, then by position in the log.
  reverse(reinterpretAsFixedString(
    toUInt64(toUnixTimestamp64Milli(facts.at)) * 1048576 + seq % 1048576)) AS turn
SELECT
  account,
  day,
  message,
  rcpt,
  max(if(is_hit, 0, facts.status_key)) AS status_key,
  max(if(is_hit, facts.status_key, 0)) AS hit_status_key,
  max(if(type = 'message.accepted', at, toDateTime64(0, 3, 'UTC'))) AS sent_at,
  -- Not from other events, which may write the address in another case.
  max(if(type = 'message.accepted', facts.recipient, '')) AS recipient,
  max(if(type = 'message.accepted', facts.domain, '')) AS domain,
  max(facts.kind) AS kind,
  max(facts.sender) AS sender,
  max(facts.subject) AS subject,
  max(facts.campaign) AS campaign,
  max(facts.billing_code) AS billing_code,
  max(facts.customer_reference) AS customer_reference,
  max(facts.headers) AS headers,
  max(type = 'delivery.delivered') AS delivered,
  max(type = 'feedback.complained') AS complained,
  max(type = 'feedback.unsubscribed') AS unsubscribed,
  max(type = 'engagement.opened' AND facts.machine = 1) AS machine_opened,
  max(type = 'engagement.clicked' AND facts.machine = 1) AS machine_clicked,
  groupUniqArrayIf(facts.mark, is_hit AND facts.machine = 0) AS human,
  groupUniqArrayIf(facts.mark, is_hit AND facts.machine = 1) AS machine,
  groupUniqArrayArray(facts.revoked_marks) AS revoked,
  max(facts.attempt) AS attempt,
  max(if(facts.attempt > 0, concat(turn, facts.address), '')) AS address,
  max(if(facts.attempt > 0, concat(turn, facts.pool), '')) AS pool,
  max(if(facts.attempt > 0, concat(turn, facts.provider), '')) AS provider,
  max(if(facts.attempt > 0, concat(turn, facts.class), '')) AS class,
  max(if(facts.attempt > 0, concat(turn, facts.reply), '')) AS reply
FROM {database}.facts AS facts
WHERE rcpt >= 0
GROUP BY account, day, message, rcpt;
