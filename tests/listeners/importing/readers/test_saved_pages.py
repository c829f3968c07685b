"""Saved pages and feeds: named by their own address, in any encoding, and harmless however hostile."""

from __future__ import annotations

import time

import pytest

from data.models import HearbackError
from listeners.importing.imports import preview
from tests.listeners.files import NOW, read, written

# --- pages and feeds


def page(*reviews: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{''.join(reviews)}</body></html>"


def marked(text: str, date: str = "2026-11-01", stars: str = "2") -> str:
    rating = f'<span itemprop="reviewRating" itemscope><meta itemprop="ratingValue" content="{stars}"></span>'
    return (
        '<div itemscope itemtype="https://schema.org/Review"><span itemprop="author">Ann</span>'
        f'<meta itemprop="datePublished" content="{date}">{rating}<p itemprop="reviewBody">{text}</p></div>'
    )


def test_a_saved_page_with_markup_is_read_and_named_by_its_own_address(tmp_path):
    canonical = '<link rel="canonical" href="https://www.yelp.com/biz/acme">'
    first, second = read(written(tmp_path, page(marked("Slow."), marked("Good.", stars="5"), head=canonical)))[0]
    assert (first.source, first.author, first.rating, first.text) == ("yelp", "Ann", 2, "Slow.")
    assert second.rating == 5
    [other], _, shape = read(written(tmp_path, page(marked("Slow."))))
    assert (other.source, shape.told_by) == ("product_page", "its schema.org markup")


def test_a_page_without_reviews_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(HearbackError, match="no review could be told"):
        preview(written(tmp_path, page("<p>Hello</p>")), now=NOW)
    with pytest.raises(HearbackError, match="no feed with entries"):
        preview(written(tmp_path, "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'/>"), now=NOW)


def test_a_review_without_a_date_is_set_aside_and_the_others_come_in(tmp_path):
    found, content, _ = read(written(tmp_path, page(marked("Undated.", date=""), marked("Dated."))))
    assert [one.text for one in found] == ["Dated."]
    assert [one.reason for one in content["rejected"]] == ["no time of writing"]


def test_pages_in_other_encodings_keep_their_letters(tmp_path):
    told = page(marked("Café überall"), head='<meta charset="windows-1252">')
    assert read(written(tmp_path, told.encode("cp1252")))[0][0].text == "Café überall"
    assert read(written(tmp_path, page(marked("Zażółć")).encode("utf-16")))[0][0].text == "Zażółć"


BLOCK = (
    '<div class="review pageable-item-js" data-reviewmid="r{0}"><time datetime="2026-11-01T10:00:00Z"></time>{1}</div>'
)


@pytest.mark.parametrize(
    "hostile",
    [
        BLOCK.format(1, "<div class='review-body'>" + "<b>" * 200_000 + "deep"),
        "".join(BLOCK.format(n, "<div class='review-body'>x") for n in range(6_000)),
        '<div data-reviewmid="r">' * 50_000 + "x",
        BLOCK.format(1, "<div class='review-body'>" + "<!--" * 100_000 + "</div>"),
        "<div itemscope itemtype='https://schema.org/Review'>" * 50_000,
        BLOCK.format(
            1, "<a class='review-title-link' href='javascript:alert(1)'>t</a><div class='review-body'>x</div>"
        ),
        BLOCK.format(1, "<a class='review-title-link' href='http://[x'>t</a><div class='review-body'>x</div>"),
        '<link rel="canonical" href="https://[x"><div itemscope itemtype="https://schema.org/Review">'
        '<a itemprop="url" href="https://[y">y</a><p itemprop="reviewBody">x</p></div>',
        "<html>" + "\0" * 100_000 + BLOCK.format(1, "x"),
    ],
    ids=["deep", "many", "nested", "comments", "itemscope", "javascript", "no address", "no canonical address", "nul"],
)
def test_a_hostile_page_costs_seconds_at_most_and_opens_nothing(tmp_path, hostile):
    started = time.process_time()
    try:
        found, _, _ = read(written(tmp_path, hostile, "page.html"))
    except HearbackError:
        found = []
    assert time.process_time() - started < 10
    assert all(one.url is None or one.url.startswith("https://www.trustpilot.com/") for one in found)


def test_a_feed_cannot_make_files_or_billions_of_letters(tmp_path):
    secret = written(tmp_path, "secret", "secret.txt")
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    feed = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">{bomb}<!ENTITY f SYSTEM "file://{secret}">]>'
        "<rss version='2.0'><channel><item><title>&f;&a11;t</title><guid>urn:1</guid>"
        "<pubDate>Sun, 01 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>"
    )
    with pytest.raises(HearbackError, match="entities of its own"):
        read(written(tmp_path, feed, "feed.xml"))
