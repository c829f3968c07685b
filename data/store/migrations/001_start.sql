-- The first shape of the store. Only what DuckDB and DuckLake both have: no keys, no constraints but NOT NULL, no defaults.
-- Times are instants in UTC; ids are text ("reddit:t3_1abcde"), since some sources count beyond 2^53.

-- What we listen for; setup.toml is where people change it.
CREATE TABLE brand (
    name VARCHAR NOT NULL,
    terms VARCHAR[] NOT NULL,
    required VARCHAR[] NOT NULL,
    excluded VARCHAR[] NOT NULL,
    competitor BOOLEAN NOT NULL,
    reply_within_hours DOUBLE NOT NULL
);

-- What a source said, as it said it. Strangers' words live here and in score, queue and rejected only.
CREATE TABLE mention (
    id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    author VARCHAR,
    author_url VARCHAR,
    reach BIGINT,
    title VARCHAR,
    text VARCHAR NOT NULL,
    url VARCHAR,
    rating DOUBLE,
    engagement BIGINT,
    language VARCHAR,
    thread_id VARCHAR,
    parent_id VARCHAR,
    published_at TIMESTAMPTZ NOT NULL,
    edited_at TIMESTAMPTZ,
    collected_at TIMESTAMPTZ NOT NULL
);

-- Which brands a mention names, and how we know: the source itself said so ("source"), or its words do ("terms").
CREATE TABLE match (
    mention_id VARCHAR NOT NULL,
    brand VARCHAR NOT NULL,
    named_by VARCHAR NOT NULL
);

-- What a scorer made of a mention: one row per mention and scorer.
CREATE TABLE score (
    mention_id VARCHAR NOT NULL,
    scorer VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    compound DOUBLE NOT NULL,
    rests_on VARCHAR NOT NULL,
    words VARCHAR NOT NULL, -- JSON: [["slow", -1.4], ...]
    cues VARCHAR NOT NULL, -- JSON: {"complaint": ["still waiting"], ...}
    scored_at TIMESTAMPTZ NOT NULL
);

-- What came in or changed and waits for its score.
CREATE TABLE unscored (
    mention_id VARCHAR NOT NULL
);

-- What people and the system did to a mention: appended, never changed.
CREATE TABLE action (
    id VARCHAR NOT NULL,
    mention_id VARCHAR NOT NULL,
    version INTEGER NOT NULL, -- 1 for the mention's first action, counted up
    kind VARCHAR NOT NULL,
    actor VARCHAR NOT NULL,
    happened_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    body VARCHAR,
    assignee VARCHAR,
    until_at TIMESTAMPTZ,
    sentiment VARCHAR,
    undoes VARCHAR
);

-- The mentions of our own brands that are open or snoozed, ready to be ranked and read; rebuilt from the tables above in
-- the same transaction as whatever changes them.
CREATE TABLE queue (
    mention_id VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    brands VARCHAR[] NOT NULL,
    source VARCHAR NOT NULL,
    author VARCHAR,
    excerpt VARCHAR NOT NULL,
    rating DOUBLE,
    label VARCHAR NOT NULL,
    points INTEGER NOT NULL, -- without the waiting, which follows the clock
    reasons VARCHAR NOT NULL, -- JSON: [["1 star", 5], ...]
    published_at TIMESTAMPTZ NOT NULL,
    reply_within_hours DOUBLE NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    assignee VARCHAR,
    snoozed_until TIMESTAMPTZ,
    version INTEGER NOT NULL
);

-- Every batch that was taken in, known by its bytes.
CREATE TABLE batch (
    digest VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    mentions BIGINT NOT NULL,
    added BIGINT NOT NULL,
    absorbed_at TIMESTAMPTZ NOT NULL
);

-- Every visit to a source.
CREATE TABLE run (
    source VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ NOT NULL,
    found BIGINT NOT NULL,
    added BIGINT NOT NULL,
    error VARCHAR,
    permanent BOOLEAN NOT NULL,
    next_at TIMESTAMPTZ,
    gaps VARCHAR NOT NULL -- JSON: [{"query": ..., "since": ..., "until": ..., "why": ...}]
);

-- What could not be taken in.
CREATE TABLE rejected (
    batch VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    line BIGINT NOT NULL, -- counted from 1; 0: the whole file
    reason VARCHAR NOT NULL,
    content VARCHAR NOT NULL,
    rejected_at TIMESTAMPTZ NOT NULL
);
