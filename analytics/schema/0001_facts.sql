-- The mirror of the log: one row per event and recipient. `message.accepted` stands once for each
-- of its recipients, every other event once.
--
-- The loader inserts whole commits, cut at month boundaries of `recorded`, so that one insert is one
-- block in one partition and thus atomic: a commit is here entirely or not at all. `seq` and `batch`
-- therefore say how far the log is mirrored (projection `head` answers from one row per part), and
-- the deduplication window makes a repeated insert with the same token a no-op.
CREATE TABLE IF NOT EXISTS {database}.facts (
  -- Position in the log: commit, place in the commit; and first commit of the insert it came with.
  seq UInt64 CODEC(Delta, LZ4),
  idx UInt32,
  batch UInt64 CODEC(Delta, LZ4),
  recorded DateTime64(3, 'UTC') CODEC(Delta, LZ4),
  at DateTime64(3, 'UTC') CODEC(Delta, LZ4),
  id UUID,
  type LowCardinality(String),
  account LowCardinality(String),
  -- Day of the message id (UUIDv7), so that all rows of a message stand together in time; of `at`
  -- where there is no message.
  day Date,
  -- Nil UUID: about no message. -1: about no one recipient.
  message UUID,
  rcpt Int32,
  recipient String,
  -- Lower case, A-labels.
  domain String,
  campaign LowCardinality(String),
  -- message.accepted
  kind LowCardinality(String),
  sender String,
  subject String,
  billing_code String,
  customer_reference String,
  -- JSON of all references (options header); empty when none is set.
  headers String,
  -- delivery.*; attempt 0: the event says nothing about an attempt. `reply` is JSON, empty for none.
  attempt UInt32,
  address LowCardinality(String),
  pool LowCardinality(String),
  provider LowCardinality(String),
  mx LowCardinality(String),
  reply_code UInt16,
  reply_enhanced LowCardinality(String),
  reply String,
  class LowCardinality(String),
  bounce_kind LowCardinality(String),
  -- engagement.*; who hit (load/classify), and whether that was no human. link -1: none.
  actor LowCardinality(String),
  machine UInt8,
  user_agent String,
  ip String,
  link Int32,
  url String,
  -- rules/status: packs status and time; 0 when the event argues for no status.
  status_key UInt64,
  -- JSON of the event's data, without the recipients of message.accepted.
  data String CODEC(ZSTD(1)),

  INDEX seq_range seq TYPE minmax GRANULARITY 64,
  PROJECTION head (SELECT max(seq), max(batch))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(recorded)
ORDER BY (account, day, message, rcpt, at)
SETTINGS
  non_replicated_deduplication_window = 1000,
  -- What `seq` says is here must be here after a power cut too.
  fsync_after_insert = 1,
  fsync_part_directory = 1;
