-- What was too old to answer when it first came in, and since when a mention waits for us.

-- Since when it waits, where that is not since it was published: an edit opened it again, or a person brought it back.
-- A status of its own, "old", keeps what nobody has brought back.
ALTER TABLE queue ADD COLUMN waits_from TIMESTAMPTZ;

-- After how many days a mention of a brand is too old to answer: {"default": 14, "reviews": 60, "reddit": 7}, {} for the
-- usual ones; NULL: never looked at.
ALTER TABLE brand ADD COLUMN old_after VARCHAR;
ALTER TABLE brand ADD COLUMN known_at TIMESTAMPTZ; -- since when the brand stands here; NULL: not known

-- Mentions that were too old to answer when they first came in, brought back or not. Those that came with their answer,
-- or that name no brand of ours, are not looked at.
CREATE TABLE old_news (
    mention_id VARCHAR NOT NULL
);
