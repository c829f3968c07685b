-- What became of each approved answer; its words stand in the log of actions once it was sent, and nowhere else.
CREATE TABLE delivery (
    letter_id VARCHAR NOT NULL,
    mention_id VARCHAR NOT NULL,
    state VARCHAR NOT NULL, -- "sent", "refused", "in doubt"
    happened_at TIMESTAMPTZ NOT NULL,
    approved_by VARCHAR NOT NULL,
    reply_id VARCHAR,
    url VARCHAR,
    why VARCHAR
);
