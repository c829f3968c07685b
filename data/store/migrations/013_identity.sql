-- Which store this is, for the published copy: one row, the same for as long as the store lives, and in what is restored.
CREATE TABLE identity (
    id VARCHAR NOT NULL,
    made_at TIMESTAMPTZ NOT NULL
);
INSERT INTO identity SELECT CAST(uuid() AS VARCHAR), now();

-- Mentions that their source told to be deleted while the clock could not be believed; they go once it can.
CREATE TABLE told_gone (
    mention_id VARCHAR NOT NULL,
    told_at TIMESTAMPTZ NOT NULL
);
