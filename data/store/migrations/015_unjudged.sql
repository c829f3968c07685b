-- What is written in a language that is not judged has no figures, and no label unless it has stars: NULL, not 0.
ALTER TABLE score ALTER COLUMN label DROP NOT NULL;
ALTER TABLE score ALTER COLUMN compound DROP NOT NULL;
ALTER TABLE queue ALTER COLUMN label DROP NOT NULL;

-- The rest is scored anew; these have no words left to score.
UPDATE score
SET label = CASE WHEN rests_on <> 'not judged' THEN label END,
    compound = NULL, neg = NULL, pos = NULL, confidence = NULL, needs_reply = NULL
WHERE language <> 'en' AND mention_id IN (SELECT mention_id FROM expired);
