-- Second looks and expiry follow what was seen at its source; a row of this table says that it was, and when last.
INSERT INTO look
SELECT id, collected_at
FROM mention
WHERE source IN (SELECT source FROM run) AND id NOT IN (SELECT mention_id FROM look);
