-- What the tables mean together. The same views stand in the store and over its published copy.

-- The sentiment a person set, where one did and has not taken it back.
CREATE OR REPLACE VIEW correction AS
SELECT mention_id, arg_max(sentiment, version) AS sentiment
FROM action
WHERE kind = 'judge' AND id NOT IN (SELECT undoes FROM action WHERE undoes IS NOT NULL)
GROUP BY mention_id;

-- When a mention was first answered.
CREATE OR REPLACE VIEW first_reply AS
SELECT mention_id, min(happened_at) AS replied_at
FROM action
WHERE kind = 'reply' AND id NOT IN (SELECT undoes FROM action WHERE undoes IS NOT NULL)
GROUP BY mention_id;

-- One row for each mention and brand it names, with the sentiment that counts: a person's, else the scorer's.
CREATE OR REPLACE VIEW judged AS
SELECT
    mention.id AS mention_id, brand.name AS brand, brand.competitor, mention.source, mention.kind, mention.author,
    mention.rating, mention.reach, mention.published_at, score.compound,
    coalesce(correction.sentiment, score.label) AS sentiment,
    correction.sentiment IS NOT NULL AS corrected
FROM match
JOIN brand ON brand.name = match.brand
JOIN mention ON mention.id = match.mention_id
JOIN score ON score.mention_id = mention.id
LEFT JOIN correction ON correction.mention_id = mention.id;
