-- What the tables mean together. The same views stand in the store and over its published copy.

-- What people set that counts now: the sentiment, whether a mention needs a reply; NULL where nobody said anything.
CREATE OR REPLACE VIEW corrected AS
SELECT mention_id, arg_max(sentiment, version) AS sentiment, arg_max(needs_reply, version) AS needs_reply
FROM correction
GROUP BY mention_id;

-- When a mention was first answered.
CREATE OR REPLACE VIEW first_reply AS
SELECT mention_id, min(happened_at) AS replied_at
FROM action
WHERE kind = 'reply' AND id NOT IN (SELECT undoes FROM action WHERE undoes IS NOT NULL)
GROUP BY mention_id;

-- What has no row of its own in the queue, wherever it stands.
CREATE OR REPLACE VIEW kept_out AS
SELECT mention_id FROM repost
UNION ALL
SELECT mention_id FROM own_post
UNION ALL
SELECT mention_id FROM muted;

-- One row for each mention by others and brand it names, with the sentiment that counts: a person's, else what the
-- scorer says of that brand where brands fare differently in it, else of the whole. Stars stand above words. NULL: not
-- judged, since it has no stars and is not English.
CREATE OR REPLACE VIEW judged AS
SELECT
    mention.id AS mention_id, brand.name AS brand, brand.competitor, mention.source, mention.kind, mention.author,
    mention.rating, mention.reach, mention.published_at, score.compound,
    coalesce(
        corrected.sentiment,
        CASE
            WHEN score.by_brand IS NOT NULL AND score.rests_on <> 'stars' THEN json_extract_string(
                score.by_brand, '/' || replace(replace(brand.name, '~', '~0'), '/', '~1') || '/label'
            )
        END,
        score.label
    ) AS sentiment,
    corrected.sentiment IS NOT NULL AS corrected
FROM match
JOIN brand ON brand.name = match.brand
JOIN mention ON mention.id = match.mention_id
JOIN score ON score.mention_id = mention.id
LEFT JOIN corrected ON corrected.mention_id = mention.id
WHERE NOT EXISTS (SELECT 1 FROM own_post WHERE own_post.mention_id = mention.id); -- what we say of ourselves is no mood
