-- What the sender tells of each recipient: a name, and fields of its own. Messages of before have none.
--
-- Nothing is inserted between the drop of the feed and its new beginning: whoever loads waits for this.
DROP VIEW IF EXISTS {database}.deliveries_feed SYNC;

ALTER TABLE {database}.facts
  -- message.accepted. `fields` is JSON, name -> text; empty where there are none.
  ADD COLUMN IF NOT EXISTS name String,
  ADD COLUMN IF NOT EXISTS fields String;

ALTER TABLE {database}.deliveries
  ADD COLUMN IF NOT EXISTS name SimpleAggregateFunction(max, String),
  ADD COLUMN IF NOT EXISTS fields SimpleAggregateFunction(max, Map(String, String));

-- Columns in the order of `deliveries`: load/mend.ts inserts by place.
CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.deliveries_feed TO {database}.deliveries AS
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
  max(if(facts.attempt > 0, concat(turn, facts.reply), '')) AS reply,
  max(facts.name) AS name,
  JSONExtract(max(facts.fields), 'Map(String, String)') AS fields
FROM {database}.facts AS facts
WHERE rcpt >= 0
GROUP BY account, day, message, rcpt;
