-- What may not stay for ever: second looks at the source, texts that expired, and what was erased.

-- When a mention was last seen at its source since it came in: by a second look, or told again by a visit.
CREATE TABLE look (
    mention_id VARCHAR NOT NULL,
    checked_at TIMESTAMPTZ NOT NULL
);

-- Mentions whose text may not be kept any longer; `notice` is shown in its place.
CREATE TABLE expired (
    mention_id VARCHAR NOT NULL,
    expired_at TIMESTAMPTZ NOT NULL,
    notice VARCHAR NOT NULL
);

-- What may not come in again: the SHA-256 of a mention's id, and nothing else of it.
CREATE TABLE barred (
    digest VARCHAR NOT NULL,
    until_at TIMESTAMPTZ -- NULL: for ever
);

-- Every erasure and every expiry, in counts only. The bytes are gone once `rewritten_at` is set.
CREATE TABLE erasure (
    id VARCHAR NOT NULL,
    asked_by VARCHAR NOT NULL,
    why VARCHAR NOT NULL, -- "deleted at the source", "asked for", "expired"
    counts VARCHAR NOT NULL, -- JSON: {"mention": 2, "score": 2, ...}
    erased_at TIMESTAMPTZ NOT NULL,
    at_once BOOLEAN NOT NULL, -- somebody waits for it
    rewritten_at TIMESTAMPTZ
);
