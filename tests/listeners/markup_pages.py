"""Pages with reviews in their markup, as the tests write and read them."""

import json
from datetime import UTC, datetime

from listeners.formats import schema_org
from listeners.formats.review_markup import to_mention
from listeners.formats.schema_org import Reviewed

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PAGE = "https://shop.example/kettle"


def review(n=1, **facts):
    return {
        "@type": "Review",
        "author": {"@type": "Person", "name": f"Person {n}"},
        "datePublished": f"2026-11-{n:02}",
        "reviewBody": f"The acme kettle number {n}",
        "reviewRating": {"@type": "Rating", "ratingValue": "2", "bestRating": "5"},
    } | facts


def product(*reviews, **facts):
    return {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": "Kettle 3000",
        "review": list(reviews),
    } | facts


def written(*things):
    blocks = "".join(f'<script type="application/ld+json">{json.dumps(thing)}</script>' for thing in things)
    return f"<!doctype html><html><head>{blocks}</head><body>Buy!</body></html>".encode()


def read(page, **more):
    return schema_org.read(page, PAGE, **more)


def mention(**facts):
    return to_mention(Reviewed(review(**facts), "Kettle 3000"), PAGE, NOON)
