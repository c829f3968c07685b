"""Product pages: robots.txt obeyed, only what is new, what was taken off a page."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from listeners.base import ListenerError, RecheckTarget
from listeners.border import Unreadable
from listeners.formats import schema_org
from listeners.formats.review_markup import to_mention
from listeners.sources.product_page import ProductPage, pages
from tests.listeners.failures import each_failure, each_wait, told_to_wait
from tests.listeners.markup_pages import NOON, PAGE, mention, product, read, review, written
from tests.listeners.servers.reddit_server import RECORDED
from tests.listeners.servers.server import Answer

# One review


@pytest.mark.parametrize(
    ("rating", "stars"),
    [
        ({"ratingValue": "4,5"}, 4.5), ({"ratingValue": 80, "bestRating": 100, "worstRating": 0}, 4.2),
        ({"ratingValue": "4/5"}, 4.0), ({"ratingValue": "9"}, None), ({"ratingValue": "good"}, None), (None, None),
        ([{"ratingValue": 1}], 1.0), ({"ratingValue": 3, "bestRating": 1}, None),
    ],
)  # fmt: skip
def test_ratings_of_any_scale_become_stars(rating, stars):
    assert mention(reviewRating=rating).rating == stars


def test_markup_inside_a_review_is_taken_off():
    assert mention(reviewBody="Divine &amp; <b>hot</b><br>twice").text == "Divine & hot\ntwice"


def test_a_review_without_words_and_stars_is_refused():
    with pytest.raises(Unreadable, match="says nothing"):
        mention(reviewBody="", reviewRating=None)


def test_a_date_that_may_be_two_is_refused_and_one_in_words_is_read():
    assert mention(datePublished="March 5, 2026").published_at == datetime(2026, 3, 5, tzinfo=UTC)
    with pytest.raises(Unreadable, match="two dates"):
        mention(datePublished="03/05/2026")


def test_an_edited_review_keeps_its_id_and_two_of_one_author_differ():
    assert mention().id == mention(reviewBody="changed").id
    assert mention().id != mention(datePublished="2026-11-02").id
    assert mention(author=None).id != mention(author=None, reviewBody="changed").id


# Visits


@pytest.fixture
def site(server):
    server.answers["/robots.txt"] = Answer("User-agent: *\nDisallow: /cart\n")
    server.answers["/kettle"] = Answer(written(product(review())))
    return server


@pytest.fixture
def run_once(site, web, acme):
    source = ProductPage(web)

    def go(cursor=None, path="/kettle", now=NOON, brand="Acme"):
        named = f" = {brand}" if brand else ""
        return source.listen([acme], {"pages": [f"{site.url}{path}{named}"]}, cursor or {}, now)

    return go


def test_new_and_changed_reviews_come_once(run_once, site):
    first = run_once()
    assert [one.brands for one in first.found] == [("Acme",)]
    assert run_once(first.cursor).found == []
    site.answers["/kettle"] = Answer(written(product(review(reviewBody="acme, and now it leaks"), review(2))))
    second = run_once(first.cursor)
    assert [one.mention.text for one in second.found] == ["acme, and now it leaks", "The acme kettle number 2"]
    assert second.found[0].mention.id == first.found[0].mention.id


def test_without_a_brand_only_reviews_that_name_one_come(run_once, site):
    site.answers["/kettle"] = Answer(written(product(review(), review(2, reviewBody="nice kettle"))))
    assert [one.mention.author for one in run_once(brand=None).found] == ["Person 1"]


def test_two_reviews_of_one_name_on_one_day_are_two_whichever_comes_later(run_once, site):
    old, new = review(), review(reviewBody="acme, a second thought")
    site.answers["/kettle"] = [Answer(written(product(old))), Answer(written(product(new, old)))]
    first = run_once()
    second = run_once(first.cursor)
    assert [one.mention.text for one in second.found] == ["acme, a second thought"]
    assert second.found[0].mention.id != first.found[0].mention.id


def test_a_page_that_has_not_changed_is_not_read_again(run_once, site):
    site.answers["/kettle"] = [Answer(written(product(review())), headers={"ETag": '"1"'}), Answer(status=304)]
    first = run_once()
    second = run_once(first.cursor)
    assert second.found == []
    assert site.asked("/kettle")[1].headers["if-none-match"] == '"1"'
    assert second.cursor["stretches"].keys() == first.cursor["stretches"].keys()


def test_a_page_with_more_reviews_than_are_read_says_so_and_takes_nothing_for_gone(run_once, site, monkeypatch):
    monkeypatch.setattr(schema_org, "MOST_REVIEWS", 2)
    stated = {"@type": "AggregateRating", "reviewCount": 2}
    site.answers["/kettle"] = [
        Answer(written(product(review(1), review(2), aggregateRating=stated))),
        Answer(written(product(review(3), review(1), review(2), aggregateRating=stated))),
    ]
    first = run_once()
    assert first.gaps == []
    second = run_once(first.cursor, now=NOON + timedelta(hours=6))
    [gap] = second.gaps
    assert (gap.since, gap.until) == (NOON, NOON + timedelta(hours=6))
    assert gap.query.endswith("/kettle")
    assert "more than 2 reviews" in gap.why
    assert second.gone == []


def test_a_dateless_review_keeps_the_time_of_its_first_sight(run_once, site):
    site.answers["/kettle"] = Answer(written(product(review(datePublished=None, **{"@id": "#1"}))))
    first = run_once()
    changed = review(datePublished=None, reviewBody="acme again", **{"@id": "#1"})
    site.answers["/kettle"] = Answer(written(product(changed)))
    second = run_once(first.cursor, now=NOON + timedelta(days=2))
    assert second.found[0].mention.published_at == first.found[0].mention.published_at == NOON


def test_what_a_page_that_lists_all_no_longer_lists_is_gone(run_once, site):
    both = product(review(), review(2), aggregateRating={"@type": "AggregateRating", "reviewCount": 2})
    one = product(review(2), aggregateRating={"@type": "AggregateRating", "reviewCount": "1"})
    site.answers["/kettle"] = [Answer(written(both)), Answer(written(one))]
    first = run_once()
    assert run_once(first.cursor).gone == [first.found[0].mention.id]


def counting(*reviews, of=None):
    """A page that says how many reviews it has: as many as it lists, or `of`."""
    whole = {"@type": "AggregateRating", "reviewCount": len(reviews) if of is None else of}
    return Answer(written(product(*reviews, aggregateRating=whole)))


@pytest.fixture
def look(site, web):
    source = ProductPage(web)

    def again(fetched, *paths, now=NOON):
        held = [RecheckTarget(one.mention.id, one.mention.url, None, NOON) for one in fetched.found]
        return source.recheck(held, {"pages": [f"{site.url}{path}" for path in paths or ("/kettle",)]}, now)

    return again


def test_a_recheck_finds_what_is_gone_though_no_cursor_knew_of_it(run_once, site, look):
    """A visit that dies before its cursor is kept has told of reviews that the next one never sees."""
    site.answers["/kettle"] = [counting(review(), review(2)), counting(review(2))]
    told = run_once()
    result = look(told)
    ids = {one.mention.author: one.mention.id for one in told.found}
    assert (result.gone, result.present) == ([ids["Person 1"]], [ids["Person 2"]])
    assert len(site.asked("/kettle")) == 2


def test_a_page_that_lists_a_part_tells_what_stands_and_nothing_else_and_is_left_alone_for_a_week(run_once, site, look):
    site.answers["/kettle"] = [counting(review(), review(2), of=640), counting(review(2), of=640)]
    told = run_once()
    assert (look(told).gone, len(look(told, now=NOON + timedelta(days=6)).present)) == ([], 0)
    assert len(site.asked("/kettle")) == 2
    assert len(look(told, now=NOON + timedelta(days=7)).present) == 1


def test_that_nearly_all_is_gone_is_asked_twice_and_read_once_where_robots_txt_wants_time_between(run_once, site, look):
    site.answers["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 60\n")
    site.answers["/kettle"] = [counting(*map(review, range(1, 25))), counting(review())]
    told, later = run_once(), NOON + timedelta(minutes=1)
    assert len(look(told, now=later).gone) == len(look(told, now=later).gone) == 23
    with pytest.raises(ListenerError, match="more time"):
        look(told, now=later + timedelta(seconds=1))


def test_of_a_page_that_is_not_listed_any_more_nobody_can_tell(run_once, site, look):
    site.answers |= {"/kettle": counting(review()), "/pan": counting(review(2))}
    result = look(run_once(), "/pan")
    assert (result.gone, result.present) == ([], [])


def test_a_recheck_at_one_page_does_not_wait_for_another(run_once, site, look):
    site.answers |= {"/kettle": counting(review()), "/pan": counting(review(2))}
    kettle, pan = run_once(), run_once(path="/pan")
    site.answers["/pan"] = Answer("", 500)
    both = replace(kettle, found=[*kettle.found, *pan.found])
    assert len(look(both, "/pan", "/kettle").present) == 1
    with pytest.raises(ListenerError, match="500"):
        look(pan, "/pan")


def test_what_left_a_page_that_lists_its_latest_only_is_not_gone(run_once, site):
    many = {"@type": "AggregateRating", "reviewCount": 640}
    site.answers["/kettle"] = [
        Answer(written(product(review(), review(2), aggregateRating=many))),
        Answer(written(product(review(2), aggregateRating=many))),
    ]
    assert run_once(run_once().cursor).gone == []


def test_a_page_that_robots_txt_closes_is_never_asked_for(run_once, site):
    with pytest.raises(ListenerError, match=r"robots\.txt of 127\.0\.0\.1 asks us not to read") as refused:
        run_once(path="/cart")
    assert refused.value.permanent
    assert not site.asked("/cart")


def test_rules_for_us_by_name_come_before_those_for_all(run_once, site):
    site.answers["/robots.txt"] = Answer("User-agent: *\nDisallow:\n\nUser-agent: hearback\nDisallow: /ket*\n")
    with pytest.raises(ListenerError, match=r"robots\.txt"):
        run_once()


def test_a_site_without_robots_txt_may_be_read_and_one_in_trouble_may_not(run_once, site):
    site.answers["/robots.txt"] = Answer("", 404)
    assert len(run_once().found) == 1


def test_while_robots_txt_cannot_be_had_nothing_is_read(run_once, site):
    site.answers["/robots.txt"] = Answer("", 503)
    with pytest.raises(ListenerError, match="503"):
        run_once()
    assert not site.asked("/kettle")


def test_a_crawl_delay_is_kept_between_runs(run_once, site):
    site.answers["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 3600\n")
    first = run_once()
    with pytest.raises(ListenerError, match="more time") as refused:
        run_once(first.cursor, now=NOON + timedelta(minutes=20))
    assert refused.value.retry_after == 2400
    assert run_once(first.cursor, now=NOON + timedelta(hours=1)).found == []


def test_one_page_that_fails_costs_no_other(site, web, acme):
    listed = {"pages": [f"{site.url}/gone = Acme", f"{site.url}/kettle = Acme"]}
    fetched = ProductPage(web).listen([acme], listed, {}, NOON)
    assert len(fetched.found) == 1
    assert "nothing there (404)" in fetched.troubles[0]


@each_failure
def test_every_failure_is_a_listener_error(run_once, site, expect, answer, permanent):
    site.answers["/kettle"] = expect(answer)
    if answer.status == 200 and answer.manner == "whole":
        assert run_once().found == []  # a page without markup is just that
        return
    with pytest.raises(ListenerError) as failed:
        run_once()
    assert failed.value.permanent is permanent


@each_wait
def test_it_waits_as_long_as_it_is_told(run_once, site, said, seconds):
    site.answers["/kettle"] = told_to_wait(said)
    with pytest.raises(ListenerError) as failed:
        run_once()
    assert failed.value.retry_after == seconds


@pytest.mark.parametrize("entry", ["shop.example/kettle", "file:///etc/passwd", "https://", ""])
def test_only_whole_web_addresses_are_pages(entry):
    with pytest.raises(ListenerError, match="is no page"):
        pages({"pages": [entry]})


# What real pages say


def recorded(pattern):
    folder = RECORDED / "jsonld_review_pages"
    if not folder.exists():
        pytest.skip(f"needs the recorded pages in {folder}")
    return sorted(folder.glob(pattern))


def test_recorded_pages_give_every_review_that_their_markup_holds():
    for page in recorded("*.testhtml"):
        held = read(page.read_bytes())
        told = [to_mention(one, PAGE, NOON) for one in held.reviews]
        assert len(told) >= 10, page.name
        assert not held.broken, page.name
        assert len({one.id for one in told}) >= len(told) - 1, page.name
        assert all(one.author and one.rating and one.published_at < NOON for one in told), page.name
        assert not any("&amp;" in one.text or "<br" in one.text for one in told), page.name


def test_recorded_edge_cases_never_stop_a_run():
    counts = {page.stem: len(read(page.read_bytes()).reviews) for page in recorded("extruct/*.html")}
    assert len(counts) > 15
    assert counts["product-ref"] == 0  # it rates, but holds no review
