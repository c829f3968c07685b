-- What is kept out of the queue: what repeats another mention, what our own accounts say, who and what somebody muted.

-- Our own accounts, as setup.toml writes them: "@acmehelp", "reddit:acme_support".
ALTER TABLE brand ADD COLUMN handles VARCHAR[];
UPDATE brand SET handles = [];

-- Hashes of a mention's words, to find what says the same. Only of those that repeat nobody.
CREATE TABLE fingerprint (
    mention_id VARCHAR NOT NULL,
    published_at TIMESTAMPTZ NOT NULL,
    words INTEGER NOT NULL,
    is_repost BOOLEAN NOT NULL, -- begins with "RT @somebody"
    whole UBIGINT NOT NULL, -- of all words in their order
    mark_1 UBIGINT, -- the least of its three-word hashes, in four different orders; NULL where only `whole` counts
    mark_2 UBIGINT,
    mark_3 UBIGINT,
    mark_4 UBIGINT
);

-- Which mention repeats which other one; the other one stands in the queue for both. Nobody who leads follows.
CREATE TABLE repost (
    mention_id VARCHAR NOT NULL,
    leader_id VARCHAR NOT NULL,
    likeness DOUBLE NOT NULL -- 1: the same words; else the part of their three-word sequences that both have
);

-- What our own accounts said. `action_id`: the reply it was written down as, on the mention it answers.
CREATE TABLE own_post (
    mention_id VARCHAR NOT NULL,
    brand VARCHAR NOT NULL,
    parent_id VARCHAR,
    action_id VARCHAR
);

-- Whom and what nobody wants to see in the queue any more, who said so, and who took it back.
CREATE TABLE mute (
    id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL, -- "author", "community", "thread"
    source VARCHAR, -- NULL: a community's name says where it is
    name VARCHAR NOT NULL,
    muted_by VARCHAR NOT NULL,
    muted_at TIMESTAMPTZ NOT NULL,
    lifted_by VARCHAR,
    lifted_at TIMESTAMPTZ
);

-- The mentions that a mute keeps out.
CREATE TABLE muted (
    mention_id VARCHAR NOT NULL,
    mute_id VARCHAR NOT NULL
);
