-- What reviewers of a product speak of, week by week, as their platform counts it. Nobody's words, so nothing to erase.
CREATE TABLE topic (
    source VARCHAR NOT NULL,
    brand VARCHAR NOT NULL,
    subject VARCHAR NOT NULL, -- the platform's name of the product: "B0EXAMPLE1"
    week_on DATE NOT NULL, -- a Monday
    topic VARCHAR NOT NULL,
    sentiment VARCHAR NOT NULL,
    mentions BIGINT,
    share DOUBLE, -- of all reviews, 0 to 1
    stars DOUBLE, -- how far it moves the average rating
    title VARCHAR
);
