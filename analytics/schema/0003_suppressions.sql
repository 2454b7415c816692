-- Suppression lists: per account and recipient, the last word in the log. `facts` says it once or, where
-- an event came twice, several times: the one that stands last in the log wins, whichever way batches
-- come, so a batch that arrives twice changes nothing.
ALTER TABLE {database}.facts
  -- Who did it, where a person or a program with a key did.
  ADD COLUMN IF NOT EXISTS done_by LowCardinality(String);

-- Until parts are merged, several rows of one key may stand in them: always read with `final`.
-- Columns as they are, not as aggregate states: a list of a million is read thirty times as fast.
CREATE TABLE IF NOT EXISTS {database}.suppressions (
  account LowCardinality(String),
  -- In the one spelling by which lists know a recipient (rules/recipient).
  recipient String,
  -- Place in the log: a commit, of less than 1 MiB, holds fewer than 2^20 events.
  position UInt64 CODEC(Delta, LZ4),
  -- 0: taken off the list.
  listed UInt8,
  at DateTime64(3, 'UTC'),
  reason LowCardinality(String),
  source String,
  note String,
  done_by LowCardinality(String),
  -- The message that led to it; nil UUID: none.
  message UUID
)
ENGINE = ReplacingMergeTree(position)
ORDER BY (account, recipient)
-- See 0002.
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Columns in the order of `suppressions`: load/mend.ts inserts by place.
CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.suppressions_feed TO {database}.suppressions AS
SELECT
  account,
  recipient,
  seq * 1048576 + idx AS position,
  toUInt8(type = 'suppression.added') AS listed,
  at,
  JSONExtractString(data, 'reason') AS reason,
  JSONExtractString(data, 'source') AS source,
  JSONExtractString(data, 'note') AS note,
  done_by,
  message
FROM {database}.facts
WHERE type IN ('suppression.added', 'suppression.removed') AND recipient != '';

-- What an older version mirrored already.
INSERT INTO {database}.suppressions
SELECT
  account,
  recipient,
  seq * 1048576 + idx,
  toUInt8(type = 'suppression.added'),
  at,
  JSONExtractString(data, 'reason'),
  JSONExtractString(data, 'source'),
  JSONExtractString(data, 'note'),
  done_by,
  message
FROM {database}.facts
WHERE type IN ('suppression.added', 'suppression.removed') AND recipient != '';
