-- Figures of days on which nothing happens any more, counted once (load/count_days.ts), so that
-- dashboards need not count copy by copy (queries/cells.ts).

-- Per account and day of message ids: the last commit that said something about its copies, and the
-- commit up to which they are counted. What is counted stands as long as `counted` >= `touched`.
CREATE TABLE IF NOT EXISTS {database}.days (
  account LowCardinality(String),
  day Date,
  touched SimpleAggregateFunction(max, UInt64),
  -- 0: never.
  counted SimpleAggregateFunction(max, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY (account, day)
-- See 0002.
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Columns in the order of `days`: load/mend.ts inserts by place.
CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.days_feed TO {database}.days AS
SELECT account, day, max(seq) AS touched, toUInt64(0) AS counted
FROM {database}.facts
WHERE rcpt >= 0
GROUP BY account, day;

-- What an older version folded already; not from `facts`, whose rows may have expired.
INSERT INTO {database}.days SELECT account, day, 1, 0 FROM {database}.deliveries GROUP BY account, day;

-- The copies of a day by one dimension and the time they were sent. Rows of another `version` than
-- the day's `counted` are left from earlier counts and do not count.
CREATE TABLE IF NOT EXISTS {database}.day_counts (
  account LowCardinality(String),
  -- Name of a column of deliveries; empty: all copies together.
  dimension LowCardinality(String),
  day Date,
  key String,
  -- Start of the hour in which they were sent; of the quarter of an hour where they stand all together.
  slot DateTime('UTC'),
  version UInt64,
  -- In the order of COUNTS (queries/figures.ts). One column is planned faster than twenty.
  counts Array(UInt64)
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(day)
ORDER BY (account, dimension, day, key, slot)
SETTINGS
  -- See 0002.
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_age_to_force_merge_seconds = 60,
  min_age_to_force_merge_on_partition_only = 1;
