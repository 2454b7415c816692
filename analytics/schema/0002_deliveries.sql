-- One row per account, message and recipient, folded from `facts`. Every aggregate is idempotent and
-- commutative, so a batch, or an event, that arrives twice changes nothing.
--
-- Rows of one key may stand in several parts until they are merged: always read with GROUP BY over
-- the key and the same aggregates (queries/delivery.ts does).
CREATE TABLE IF NOT EXISTS {database}.deliveries (
  account LowCardinality(String),
  day Date,
  message UUID,
  rcpt Int32,
  status_key SimpleAggregateFunction(max, UInt64),
  -- From message.accepted. sent_at 0: not seen (yet).
  sent_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
  recipient SimpleAggregateFunction(max, String),
  domain SimpleAggregateFunction(max, String),
  kind SimpleAggregateFunction(max, LowCardinality(String)),
  sender SimpleAggregateFunction(max, String),
  subject SimpleAggregateFunction(max, String),
  campaign SimpleAggregateFunction(max, LowCardinality(String)),
  billing_code SimpleAggregateFunction(max, String),
  customer_reference SimpleAggregateFunction(max, String),
  headers SimpleAggregateFunction(max, String),
  -- What has happened, whatever came after.
  delivered SimpleAggregateFunction(max, UInt8),
  opened SimpleAggregateFunction(max, UInt8),
  clicked SimpleAggregateFunction(max, UInt8),
  machine_opened SimpleAggregateFunction(max, UInt8),
  machine_clicked SimpleAggregateFunction(max, UInt8),
  complained SimpleAggregateFunction(max, UInt8),
  unsubscribed SimpleAggregateFunction(max, UInt8),
  -- Of the last attempt. One column each: argMax over a tuple is ten times slower to read.
  attempt AggregateFunction(argMax, UInt32, UInt64),
  address AggregateFunction(argMax, LowCardinality(String), UInt64),
  pool AggregateFunction(argMax, LowCardinality(String), UInt64),
  provider AggregateFunction(argMax, LowCardinality(String), UInt64),
  reply AggregateFunction(argMax, String, UInt64)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (account, day, message, rcpt)
-- Facts that survive a power cut are not folded again, so what came of them must survive it too.
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Columns in the order of `deliveries`: load/mend.ts inserts by place.
CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.deliveries_feed TO {database}.deliveries AS
WITH
  -- Order of attempts: by time, then by position in the log. 0: no attempt.
  if(attempt > 0, toUInt64(toUnixTimestamp64Milli(at)) * 1048576 + seq % 1048576, 0) AS turn
SELECT
  account,
  day,
  message,
  rcpt,
  max(facts.status_key) AS status_key,
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
  max(type = 'engagement.opened' AND machine = 0) AS opened,
  max(type = 'engagement.clicked' AND machine = 0) AS clicked,
  max(type = 'engagement.opened' AND machine = 1) AS machine_opened,
  max(type = 'engagement.clicked' AND machine = 1) AS machine_clicked,
  max(type = 'feedback.complained') AS complained,
  max(type = 'feedback.unsubscribed') AS unsubscribed,
  argMaxState(facts.attempt, turn) AS attempt,
  argMaxState(facts.address, turn) AS address,
  argMaxState(facts.pool, turn) AS pool,
  argMaxState(facts.provider, turn) AS provider,
  argMaxState(facts.reply, turn) AS reply
FROM {database}.facts AS facts
WHERE rcpt >= 0
GROUP BY account, day, message, rcpt;
