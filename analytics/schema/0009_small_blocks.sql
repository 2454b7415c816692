-- A page of a list reads rows from anywhere: of each column as much as is compressed together, and of
-- that a granule. Of 64 KiB, as is usual, most was unpacked for nothing. Parts of before stay as they
-- are until they are merged, or rebuilt.
ALTER TABLE {database}.deliveries MODIFY SETTING min_compress_block_size = 8192;
