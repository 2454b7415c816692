-- What is asked of a campaign, or of hits since some time, lies on few of an account's days: these are
-- found by index first, without FINAL, and then only they are read (queries/narrow.ts).
--
-- FINAL with an index is right only where all conditions that have one are true of the same row before
-- it is folded. So queries over folded rows may name one of these, never two of different events.
ALTER TABLE {database}.deliveries
  ADD INDEX IF NOT EXISTS campaigns campaign TYPE bloom_filter(0.01) GRANULARITY 1,
  ADD INDEX IF NOT EXISTS last_hits arrayMax(human) TYPE minmax GRANULARITY 1;
ALTER TABLE {database}.hits
  ADD INDEX IF NOT EXISTS campaigns campaign TYPE bloom_filter(0.01) GRANULARITY 1;

-- In the background; until then what is there already is read whole.
ALTER TABLE {database}.deliveries MATERIALIZE INDEX campaigns, MATERIALIZE INDEX last_hits;
ALTER TABLE {database}.hits MATERIALIZE INDEX campaigns;
