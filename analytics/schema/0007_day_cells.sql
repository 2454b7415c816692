-- Days are counted by more than before: what bounced, the columns that lists are grouped by, on what
-- messages were read and how soon; and by whole days too, so that a question about months adds up few
-- rows. What was counted before is counted again by the loader.
DROP TABLE IF EXISTS {database}.day_counts SYNC;

ALTER TABLE {database}.days UPDATE counted = 0 WHERE counted > 0 SETTINGS mutations_sync = 2;

-- The copies of a day by one dimension (queries/dimensions.ts) and the time they were sent. Rows of
-- another `version` than the day's `counted` are left from earlier counts and do not count.
CREATE TABLE IF NOT EXISTS {database}.day_cells (
  account LowCardinality(String),
  -- Empty: all copies together.
  dimension LowCardinality(String),
  -- Of the slot, s: every copy is in a slot of a day and in a shorter one.
  length UInt32,
  -- Start of the time in which they were sent.
  slot DateTime('UTC'),
  day Date,
  key Array(String),
  version UInt64,
  -- What each means, the dimension says. One column is planned faster than twenty.
  counts Array(UInt64)
)
-- Without partitions, and a part's columns in one file: of a question that reads some hundred rows,
-- opening parts and files is what takes the time.
ENGINE = ReplacingMergeTree(version)
ORDER BY (account, dimension, length, slot, day, key)
SETTINGS
  -- Most questions take some hundred rows.
  index_granularity = 512,
  -- See 0002.
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_bytes_for_wide_part = 1000000000000,
  min_age_to_force_merge_seconds = 600,
  min_age_to_force_merge_on_partition_only = 1;
