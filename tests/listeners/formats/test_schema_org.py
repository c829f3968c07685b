"""Markup: reviews in JSON-LD, microdata and RDFa of every shape, and pages made to stop us."""

import json
import time
from datetime import UTC, datetime

import pytest

from listeners.formats.review_markup import to_mention
from tests.listeners.markup_pages import NOON, PAGE, product, read, review, written

# The markup


def test_a_review_in_json_ld_becomes_a_mention_with_its_stars_author_and_product():
    (held,) = read(written(product(review()))).reviews
    told = to_mention(held, PAGE, NOON)
    assert (told.author, told.rating, told.text) == ("Person 1", 2.0, "The acme kettle number 1")
    assert told.published_at == datetime(2026, 11, 1, tzinfo=UTC)
    assert (told.thread_id, told.url, told.kind) == ("Kettle 3000", PAGE, "review")


@pytest.mark.parametrize(
    "shape",
    [
        {"@graph": [product(review())]},
        [product(review())],
        product(review(**{"@type": ["Review", "UserReview"]})),
        product(review(**{"@type": "https://schema.org/Review"})),
        {"@type": "schema:Review", **{key: value for key, value in review().items() if key != "@type"}},
        product(review(author="Person 1")),
        product(review(author=[{"name": "Person 1"}])),
        {"@graph": [product(review(author={"@id": "#p"})), {"@id": "#p", "@type": "Person", "name": "Person 1"}]},
    ],
    ids=["graph", "list", "several types", "address", "prefix", "plain author", "authors", "author elsewhere"],
)
def test_markup_of_every_shape_is_read(shape):
    (held,) = read(written(shape)).reviews
    assert to_mention(held, PAGE, NOON).author == "Person 1"


def test_microdata_is_read_with_values_where_they_stand():
    page = b"""<div itemscope itemtype="https://schema.org/Product"><h1 itemprop="name">Kettle 3000</h1>
    <div itemprop="review" itemscope itemtype="https://schema.org/Review" itemref="more">
      <span itemprop="author" itemscope itemtype="https://schema.org/Person"><b itemprop="name">Person 1</b></span>
      <time itemprop="datePublished" datetime="2026-11-01">yesterday</time>
      <div itemprop="reviewRating" itemscope itemtype="https://schema.org/Rating">
        <meta itemprop="ratingValue" content="8"><meta itemprop="bestRating" content="10">
        <meta itemprop="worstRating" content="0"></div>
    </div></div><p id="more" itemprop="reviewBody">The acme kettle</p>"""
    (held,) = read(page).reviews
    told = to_mention(held, PAGE, NOON)
    assert (held.of, told.author, told.text, told.rating) == ("Kettle 3000", "Person 1", "The acme kettle", 4.2)
    assert told.published_at.day == 1


RATED = b"""<div property="reviewRating" typeof="Rating"><meta property="ratingValue" content="8">
    <meta property="bestRating" content="10"><meta property="worstRating" content="0"></div>"""


def test_rdfa_is_read_with_values_where_they_stand():
    page = (
        b"""<div vocab="https://schema.org/" typeof="Product"><h1 property="name">Kettle 3000</h1>
    <div property="review" typeof="Review" resource="#first">
      <span property="author" typeof="Person"><b property="name">Person 1</b></span>
      <meta property="og:description" content="not a word of the review">
      <time property="datePublished" datetime="2026-11-01">yesterday</time>"""
        + RATED
        + b"""
      <p property="reviewBody">The acme kettle</p></div></div>"""
    )
    (held,) = read(page).reviews
    told = to_mention(held, PAGE, NOON)
    assert (held.of, told.author, told.text, told.rating) == ("Kettle 3000", "Person 1", "The acme kettle", 4.2)
    assert told.published_at.day == 1
    assert "og:description" not in held.review
    assert held.review["@id"] == f"{PAGE}#first"


@pytest.mark.parametrize(
    "opening",
    [
        '<div vocab="http://schema.org/" typeof="Review"><p property="reviewBody">',
        '<div typeof="schema:Review"><p property="schema:reviewBody">',
        '<div typeof="https://schema.org/Review"><p property="http://schema.org/reviewBody">',
        '<div prefix="og: https://ogp.me/ns# s: https://schema.org/" typeof="s:Review"><p property="s:reviewBody">',
    ],
)
def test_rdfa_names_schema_org_in_each_of_its_ways(opening):
    (held,) = read(f"{opening}The acme kettle</p>".encode()).reviews
    assert to_mention(held, PAGE, NOON).text == "The acme kettle"


@pytest.mark.parametrize(
    "page",
    [
        '<div typeof="Review"><p property="reviewBody">of no vocabulary</p></div>',
        '<div vocab="https://example.com/" typeof="Review"><p property="reviewBody">of another</p></div>',
        '<div typeof="v:Review"><p property="v:reviewBody">of another, by its prefix</p></div>',
        '<div prefix="v: https://example.com/" typeof="v:Review"><p property="v:reviewBody">and declared</p></div>',
    ],
)
def test_what_rdfa_says_in_another_vocabulary_is_no_review(page):
    assert read(page.encode()).reviews == []


def test_what_rdfa_says_elsewhere_on_the_page_is_found_by_its_name():
    page = b"""<div vocab="https://schema.org/"><div typeof="Review"><p property="reviewBody">The acme kettle</p>
      <link property="author" resource="#a"></div>
      <p typeof="Person" resource="#a"><b property="name">Person 1</b></p></div>"""
    (held,) = read(page).reviews
    assert to_mention(held, PAGE, NOON).author == "Person 1"


def test_a_review_in_all_three_ways_is_one():
    page = (
        written(product(review()))
        + b"""<div vocab="https://schema.org/" typeof="Review" itemscope
      itemtype="https://schema.org/Review"><p property="reviewBody" itemprop="reviewBody">The acme kettle number 1</p>
      <p property="author" itemprop="author">Person 1</p></div>"""
    )
    assert len(read(page).reviews) == 1


def test_a_review_told_twice_on_one_page_is_one():
    assert len(read(written(product(review()), product(review()))).reviews) == 1


def test_broken_json_is_kept_with_its_reason_and_the_rest_is_read():
    page = written(product(review())).replace(b"<body>", b'<script type="application/ld+json">{"@type":</script><body>')
    held = read(page)
    assert len(held.reviews) == 1
    assert held.broken[0][0].startswith("its JSON-LD cannot be read")


@pytest.mark.parametrize("around", ["<!--{}-->", "//<![CDATA[\n{}\n//]]>", "{};"])
def test_what_pages_wrap_around_their_json_is_taken_off(around):
    said = around.format(json.dumps(product(review())).replace("kettle number", "kettle\nnumber"))
    page = f'<script type="application/ld+json">{said.replace(chr(92) + "n", chr(10))}</script>'.encode()
    assert len(read(page).reviews) == 1


@pytest.mark.parametrize(
    "value",
    [
        "<div>" * 200_000,
        "<a " * 60_000,
        "<p itemscope itemprop=review>" * 20_000,
        "<p typeof=x:y property=x:z>" * 20_000,
        "",
    ],
)
def test_a_page_made_to_stop_us_does_not(value):
    started = time.process_time()
    read(value.encode())
    read(f'<script type="application/ld+json">{"[" * 100_000}</script>'.encode())
    assert time.process_time() - started < 5


def test_objects_nested_without_end_are_read_to_a_depth():
    deep = product(review())
    for _ in range(400):
        deep = {"@type": "Thing", "subjectOf": deep}
    assert read(written(deep)).reviews == []
