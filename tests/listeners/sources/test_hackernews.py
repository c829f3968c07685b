"""Hacker News: shapes, windows under the ceiling, known content, and failures that lose nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from data.models import Brand
from listeners.base import ListenerError, RecheckTarget
from listeners.border import Unreadable
from listeners.sources import hackernews
from listeners.sources.hackernews import HackerNews, is_gone, to_mention
from tests.listeners.servers.server import Answer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
THEN = int(NOON.timestamp())
SEARCH = "/search_by_date"


def a_hit(number, created, text="acme is slow", **facts):
    return {
        "objectID": str(number),
        "author": "someone",
        "comment_text": text,
        "created_at_i": created,
        "story_id": 1,
        "parent_id": 2,
        "_tags": ["comment"],
    } | facts


class Index:
    """The search service as far as we use it: filters by time, lists 1000 hits at most, newest first."""

    def __init__(self, server, hits=()):
        self.hits = list(hits)
        self.page_size = 1000
        server.answers[SEARCH] = self.answer

    def answer(self, request):
        low = int(request.query["numericFilters"].split(">=")[1].split(",")[0])
        high = int(request.query["numericFilters"].split("<")[1]) if "<" in request.query["numericFilters"] else 2**40
        found = sorted(
            (hit for hit in self.hits if low <= hit["created_at_i"] < high), key=lambda hit: -hit["created_at_i"]
        )
        size = min(int(request.query["hitsPerPage"]), self.page_size)
        start = int(request.query["page"]) * size
        reachable = found[:1000]
        return Answer(
            {
                "hits": reachable[start : start + size],
                "nbHits": len(found),
                "nbPages": -(-len(reachable) // size),
                "page": int(request.query["page"]),
            }
        )


@pytest.fixture
def index(server):
    return Index(server)


@pytest.fixture
def listen(server, web, acme):
    def run_once(cursor=None, now=NOON, brands=(acme,), **options):
        return HackerNews(server.url, web).listen(brands, options, cursor or {}, now)

    return run_once


def ids(fetched):
    return sorted(found.mention.id for found in fetched.found)


def test_a_comment_becomes_a_mention_of_plain_text():
    mention = to_mention(a_hit(42, THEN, "I &quot;like&quot; <i>acme</i><p>but not its app"))
    assert mention.id == "hackernews:42"
    assert mention.kind == "comment"
    assert mention.title is None
    assert mention.text == 'I "like" acme\n\nbut not its app'
    assert mention.url == "https://news.ycombinator.com/item?id=42"
    assert mention.author_url == "https://news.ycombinator.com/user?id=someone"
    assert (mention.thread_id, mention.parent_id) == ("hackernews:1", "hackernews:2")
    assert mention.published_at == NOON


def test_a_story_becomes_a_mention_with_a_title_and_points():
    story = {"objectID": "7", "title": "Acme &amp; sons", "points": 12, "author": "a", "created_at_i": THEN}
    mention = to_mention(story)
    assert (mention.kind, mention.title, mention.text, mention.engagement) == ("post", "Acme & sons", "", 12)


@pytest.mark.parametrize(
    "facts",
    [{"objectID": None}, {"objectID": "../x"}, {"created_at_i": None}, {"created_at_i": 10**18}, {"comment_text": 7}],
)
def test_a_hit_without_id_time_or_text_is_refused_with_a_reason(facts):
    with pytest.raises(Unreadable):
        to_mention(a_hit(1, THEN) | facts)


@pytest.mark.parametrize("facts", [{"deleted": True}, {"dead": True}, {"comment_text": None}])
def test_what_was_deleted_is_no_mention(facts):
    assert is_gone(a_hit(1, THEN) | facts)


def test_surrogates_and_nul_in_a_text_do_not_get_through():
    assert to_mention(a_hit(1, THEN, "acme \ud800 \x00")).text == "acme \ufffd \ufffd"


def test_the_first_run_looks_back_thirty_days_or_as_far_as_told(index, listen):
    index.hits = [a_hit(days, THEN - days * 86_400) for days in (1, 29, 31)]
    assert ids(listen()) == ["hackernews:1", "hackernews:29"]
    assert ids(listen(first_days=7)) == ["hackernews:1"]


def test_what_the_search_took_for_a_typo_is_left_out(index, listen):
    index.hits = [a_hit(1, THEN, "acne is a plague"), a_hit(2, THEN, "Acme, the firm"), a_hit(3, THEN, "acmeville")]
    assert ids(listen()) == ["hackernews:2"]


def test_a_second_run_brings_only_what_is_new_or_was_edited(index, listen):
    index.hits = [a_hit(1, THEN - 600), a_hit(2, THEN - 300)]
    first = listen()
    index.hits[0] = a_hit(1, THEN - 600, "acme is slow. Edit: it is not")
    index.hits.append(a_hit(3, THEN))
    second = listen(first.cursor, NOON + timedelta(minutes=5))
    assert ids(first) == ["hackernews:1", "hackernews:2"]
    assert ids(second) == ["hackernews:1", "hackernews:3"]


def test_what_the_index_shows_late_is_still_found(index, listen):
    index.hits = [a_hit(1, THEN)]
    first = listen()
    index.hits.append(a_hit(2, THEN - 3600))
    assert ids(listen(first.cursor)) == ["hackernews:2"]


def test_a_burst_of_900_between_two_runs_loses_none(index, listen):
    index.hits = [a_hit(0, THEN)]
    first = listen()
    index.hits += [a_hit(number, THEN + number % 300) for number in range(1, 901)]
    index.page_size = 100
    second = listen(first.cursor, NOON + timedelta(minutes=5))
    assert len(second.found) == 900
    assert not second.gaps


def test_more_than_the_ceiling_is_read_in_windows_of_time(index, listen):
    index.hits = [a_hit(number, THEN - number * 60) for number in range(4321)]
    fetched = listen()
    assert len(fetched.found) == 4321
    assert not fetched.gaps


def test_more_than_the_ceiling_in_one_second_is_a_gap_with_its_bounds(index, listen):
    index.hits = [a_hit(number, THEN) for number in range(1200)] + [a_hit(9000, THEN - 5000)]
    fetched = listen()
    assert len(fetched.found) == 1001
    (gap,) = fetched.gaps
    assert (gap.query, gap.since, gap.until) == ("acme", NOON, NOON + timedelta(seconds=1))
    assert "1000" in gap.why


def test_a_term_too_busy_for_one_run_is_read_on_at_the_next(index, listen, monkeypatch):
    monkeypatch.setattr(hackernews, "REQUESTS", 6)
    index.hits = [a_hit(number, THEN - number * 300) for number in range(5000)]
    cursor, seen, runs = {}, set(), 0
    while len(seen) < 5000 and runs < 10:
        fetched = listen(cursor)
        cursor, runs = fetched.cursor, runs + 1
        seen |= set(ids(fetched))
        assert not fetched.gaps
    assert len(seen) == 5000
    assert runs > 1


def test_an_hour_away_loses_nothing(index, listen, server):
    index.hits = [a_hit(1, THEN)]
    first = listen()
    index.hits += [a_hit(number, THEN + number) for number in range(2, 700)]
    works = server.answers[SEARCH]
    server.answers[SEARCH] = Answer("down", 503)
    with pytest.raises(ListenerError):
        listen(first.cursor, NOON + timedelta(minutes=30))
    server.answers[SEARCH] = works
    assert len(listen(first.cursor, NOON + timedelta(hours=1)).found) == 698


def test_our_clock_may_jump_without_moving_known_content(index, listen):
    index.hits = [a_hit(1, THEN - 600)]
    first = listen(now=NOON + timedelta(days=20))
    index.hits.append(a_hit(2, THEN))
    back = listen(first.cursor, NOON - timedelta(days=4000))
    assert ids(back) == ["hackernews:2"]
    index.hits.append(a_hit(3, THEN + 60))
    assert ids(listen(back.cursor, NOON)) == ["hackernews:3"]


def test_a_first_run_by_a_clock_far_ahead_does_not_hide_what_comes_later(index, listen):
    first = listen(now=NOON + timedelta(days=4000))
    index.hits.append(a_hit(1, THEN))
    assert ids(listen(first.cursor, NOON)) == ["hackernews:1"]


def test_a_broken_time_far_ahead_does_not_carry_known_content_away(index, listen):
    index.hits = [a_hit(1, THEN + 10**9)]
    first = listen()
    index.hits.append(a_hit(2, THEN + 2 * 86_400))
    assert "hackernews:2" in ids(listen(first.cursor, NOON + timedelta(days=2)))


def test_one_bad_hit_costs_only_itself_and_is_told_once(index, listen):
    index.hits = [a_hit(1, THEN), a_hit(2, THEN, objectID=None), a_hit(3, THEN)]
    first = listen()
    assert ids(first) == ["hackernews:1", "hackernews:3"]
    (refused,) = first.rejected
    assert refused.reason == "it has no id"
    assert refused.file == "hackernews: acme"
    assert not listen(first.cursor).rejected


def test_every_term_is_searched_and_what_two_find_comes_once(index, listen, server):
    acme, wile = Brand("Acme", ("Acme", "ACME Inc")), Brand("Wile", ("wile",))
    index.hits = [a_hit(1, THEN, "wile buys acme inc")]
    assert ids(listen(brands=(acme, wile))) == ["hackernews:1"]
    assert {request.query["query"] for request in server.requests} == {"acme", "acme inc", "wile"}


def test_changed_words_are_looked_for_in_what_was_passed_over(index, listen):
    index.hits = [a_hit(1, THEN - 5 * 86_400, "acme anvils"), a_hit(2, THEN, "acme")]
    strict = Brand("Acme", ("acme",), required=("rockets",))
    first = listen(brands=(strict,))
    assert not first.found
    assert ids(listen(first.cursor)) == ["hackernews:1", "hackernews:2"]


def test_a_term_that_fails_keeps_what_the_others_brought_and_goes_first_next_time(index, listen, server):
    works = index.answer
    brands = (Brand("A", ("acme",)), Brand("B", ("beta",)), Brand("C", ("gamma",)))
    index.hits = [a_hit(1, THEN, "acme beta gamma")]
    server.answers[SEARCH] = lambda request: Answer("", 503) if request.query["query"] == "beta" else works(request)
    fetched = listen(brands=brands)
    assert ids(fetched) == ["hackernews:1"]
    assert "503" in fetched.troubles[0]
    server.requests.clear()
    with pytest.raises(ListenerError):
        listen(fetched.cursor, brands=brands)
    assert [request.query["query"] for request in server.requests] == ["beta"]


FAILURES = {
    "401": (Answer("", 401), True),
    "403": (Answer("", 403), True),
    "404": (Answer("", 404), True),
    "429": (Answer("", 429), False),
    "500": (Answer("", 500), False),
    "502": (Answer("", 502), False),
    "503": (Answer("", 503), False),
    "504": (Answer("", 504), False),
    "html": (Answer("<html>"), False),
    "not hits": (Answer({"message": "?"}), False),
    "cut": (Answer({"hits": [], "nbHits": 0, "nbPages": 0}, manner="cut"), False),
    "hang": (Answer(manner="hang"), False),
}


@pytest.mark.parametrize(("answer", "permanent"), FAILURES.values(), ids=FAILURES)
def test_every_failure_is_one_listener_error(server, listen, expect, answer, permanent):
    server.answers[SEARCH] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        listen()
    assert (caught.value.source, caught.value.permanent) == ("hackernews", permanent)


@pytest.mark.parametrize(
    ("said", "seconds"), [("90", 90.0), ("Mon, 23 Nov 2026 12:01:00 GMT", 60.0), ("later", None), (None, None)]
)
def test_being_told_to_wait_is_passed_on(server, listen, said, seconds):
    headers = {"Retry-After": said, "Date": "Mon, 23 Nov 2026 12:00:00 GMT"} if said else {}
    server.answers[SEARCH] = Answer("", 429, headers)
    with pytest.raises(ListenerError) as caught:
        listen()
    assert caught.value.retry_after == seconds


def test_first_days_that_is_no_number_is_said(listen):
    with pytest.raises(ListenerError, match="first_days must be a number"):
        listen(first_days="many")


def an_item(number, text="acme is slow", **facts):
    return {
        "id": number,
        "type": "comment",
        "author": "someone",
        "text": text,
        "title": None,
        "created_at_i": THEN,
        "story_id": 1,
        "parent_id": 2,
        "points": None,
        "children": [{"id": 99, "text": "below it"}],
    } | facts


def recheck(server, answers):
    for number, told in answers.items():
        server.answers[f"/items/{number}"] = told if isinstance(told, Answer) else Answer(told)
    source = HackerNews(server.url)
    return source.recheck([RecheckTarget(f"hackernews:{number}") for number in answers], {}, NOON)


MISSING = Answer({"status": 404, "error": "Not Found"}, status=404)


def test_a_recheck_tells_what_is_gone_from_what_stands(server):
    story = an_item(4, None, type="story", title="Acme is down")
    result = recheck(server, {1: an_item(1), 2: MISSING, 3: an_item(3, None, author=None), 4: story})
    assert result.gone == ["hackernews:2", "hackernews:3"]
    assert result.present == ["hackernews:1", "hackernews:4"]
    assert [one.mention.title for one in result.found] == [None, "Acme is down"]


def test_an_item_is_the_mention_that_the_search_told_of(server):
    result = recheck(server, {1: an_item(1, "acme &amp; <i>slow</i>")})
    assert result.found[0].mention == to_mention(a_hit(1, THEN, "acme &amp; <i>slow</i>"))


@pytest.mark.parametrize(
    "told",
    [Answer(b"<!DOCTYPE html><p>404", status=404), Answer({"error": "busy"}, status=503), Answer({}, status=403)],
    ids=["a page that says 404", "503", "403"],
)
def test_what_the_service_itself_does_not_say_is_no_end_of_an_item(server, told):
    with pytest.raises(ListenerError):
        recheck(server, {1: told})


def test_a_peek_shows_the_newest_that_name_the_brand_by_one_request(index, server, web, acme):
    index.hits = [a_hit(n, THEN - 60 * n) for n in range(1, 9)] + [a_hit(99, THEN, text="acne is slow")]
    peek = HackerNews(server.url, web).peek(acme, NOON)
    assert peek.hits == 9
    assert [mention.id for mention in peek.mentions] == [f"hackernews:{n}" for n in range(1, 6)]
    assert len(server.requests) == 1


def test_a_peek_says_what_failed(server, web, acme):
    server.answers[SEARCH] = Answer({"oops": 1})
    with pytest.raises(ListenerError, match="something else than hits"):
        HackerNews(server.url, web).peek(acme, NOON)
