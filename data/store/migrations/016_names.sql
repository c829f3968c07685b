-- Columns and a table under the trade's words. The published copy shows them under their former names, too.
ALTER TABLE repost RENAME COLUMN leader_id TO canonical_id;
ALTER TABLE delivery RENAME COLUMN letter_id TO approved_reply_id;
ALTER TABLE score RENAME COLUMN certainty TO cue_confidence;
ALTER TABLE rescored RENAME COLUMN certainty TO cue_confidence;
ALTER TABLE unscored RENAME COLUMN asked TO token;
ALTER TABLE look RENAME TO sighting;
