-- Since when a mention waits for us, where that is not since it was published: an edit opened it again.
ALTER TABLE queue ADD COLUMN waits_from TIMESTAMPTZ;
