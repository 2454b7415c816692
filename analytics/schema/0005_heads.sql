-- How far the log was mirrored, for when `facts` does not say it any more: its rows may expire
-- (schema/keep.ts). Noted now and then, and never ahead of `facts`; what is loaded again because the
-- last note is old changes nothing.
CREATE TABLE IF NOT EXISTS {database}.heads (
  seq SimpleAggregateFunction(max, UInt64),
  batch SimpleAggregateFunction(max, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY tuple()
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
