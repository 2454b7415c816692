-- What lists look through for all copies of a range, stored as it is: unpacking was a quarter of the
-- work. Ids are three quarters chance and hardly get smaller anyway; addresses would by two thirds.
-- Parts of before stay as they are until they are merged, or rebuilt.
ALTER TABLE {database}.deliveries
  MODIFY COLUMN message CODEC(NONE),
  MODIFY COLUMN sent_at CODEC(NONE),
  MODIFY COLUMN recipient CODEC(NONE);
