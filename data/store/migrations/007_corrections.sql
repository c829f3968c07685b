-- What people set by hand, one row a key press; taking it back removes the row. The latest row of a mention counts.
DROP VIEW IF EXISTS judged;
DROP VIEW IF EXISTS correction;
CREATE TABLE correction (
    action_id VARCHAR NOT NULL,
    mention_id VARCHAR NOT NULL,
    version INTEGER NOT NULL, -- the action's
    sentiment VARCHAR, -- NULL: nothing is said of it
    needs_reply BOOLEAN, -- NULL: nothing is said of it
    corrected_by VARCHAR NOT NULL,
    corrected_at TIMESTAMPTZ NOT NULL,
    said VARCHAR, -- the sentiment the scorer had given; NULL: none yet, or not known any more
    confidence DOUBLE, -- the scorer's, in what it had said
    said_needs_reply DOUBLE,
    scorer VARCHAR,
    layer INTEGER,
    edited_at TIMESTAMPTZ -- when the mention's words changed afterwards: it still holds, but teaches nothing
);
INSERT INTO correction
SELECT
    action.id, action.mention_id, action.version, action.sentiment, NULL, action.actor, action.happened_at,
    NULL, NULL, NULL, NULL, NULL,
    CASE WHEN mention.edited_at > action.happened_at THEN mention.edited_at END
FROM action
LEFT JOIN mention ON mention.id = action.mention_id
WHERE action.kind = 'judge' AND action.id NOT IN (SELECT undoes FROM action WHERE undoes IS NOT NULL);

-- Random mentions, drawn once a week and labelled by people who do not see their score. Drawn, but not labelled yet:
-- labelled_at is NULL. Labelled without a sentiment: nobody can tell.
CREATE TABLE blind (
    week DATE NOT NULL, -- its Monday, in UTC
    place INTEGER NOT NULL,
    mention_id VARCHAR NOT NULL,
    sentiment VARCHAR,
    needs_reply BOOLEAN,
    labelled_by VARCHAR,
    labelled_at TIMESTAMPTZ,
    said VARCHAR,
    confidence DOUBLE,
    said_needs_reply DOUBLE,
    scorer VARCHAR,
    layer INTEGER
);

-- What was learned from corrections, as the scoring command reads it. The shipped scorer is version 0 and has no row.
CREATE TABLE layer (
    version INTEGER NOT NULL,
    scorer VARCHAR NOT NULL, -- the shipped scorer it was fitted over
    content VARCHAR NOT NULL, -- JSON
    made_by VARCHAR NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    corrections INTEGER NOT NULL, -- how many it knew
    figures VARCHAR NOT NULL -- JSON: what would change, and how it did on corrections held out
);

-- Which version was asked to count, by whom; the latest with counts_from is the one whose scores stand in score.
CREATE TABLE applied (
    version INTEGER NOT NULL,
    scorer VARCHAR NOT NULL,
    asked_by VARCHAR NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    counts_from TIMESTAMPTZ, -- NULL: its scores are still being made
    stopped_by VARCHAR, -- who told the making to stop; NULL: it goes on
    done BIGINT NOT NULL -- scores made so far
);

ALTER TABLE score ADD COLUMN confidence DOUBLE;
ALTER TABLE score ADD COLUMN needs_reply DOUBLE;
ALTER TABLE score ADD COLUMN layer INTEGER; -- the version of the layer over the scorer; 0: none
ALTER TABLE score ADD COLUMN corrections INTEGER; -- how many corrections that layer knew
UPDATE score SET layer = 0, corrections = 0;

-- The scores of the version that is being made, beside those that count, which they will replace all at once.
CREATE TABLE rescored AS SELECT * FROM score LIMIT 0;
