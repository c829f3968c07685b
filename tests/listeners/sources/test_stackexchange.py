"""Stack Exchange: shapes, activity as known content, its quota and pauses, rechecks, and failures."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest

from data.models import Brand
from listeners.base import ListenerError, RecheckTarget
from listeners.border import Unreadable
from listeners.sources import stackexchange
from listeners.sources.stackexchange import StackExchange, to_mention
from tests.listeners.failures import each_failure, each_wait, told_to_wait
from tests.listeners.servers.reddit_server import RECORDED
from tests.listeners.servers.server import Answer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
THEN = int(NOON.timestamp())
SEARCH = "/search/advanced"


def a_question(number, active=THEN, body="<p>My <b>acme</b> anvil broke</p>", **facts):
    return {
        "question_id": number,
        "title": "How do I mend an &quot;anvil&quot;?",
        "body": body,
        "owner": {"display_name": "J&#246;rg", "link": "https://stackoverflow.com/users/1/jorg", "reputation": 7},
        "link": f"https://stackoverflow.com/questions/{number}/how",
        "score": -2,
        "creation_date": active,
        "last_activity_date": active,
    } | facts


class Site:
    """The search as far as we use it: by last activity, oldest first, a page at a time."""

    def __init__(self, server, questions=()):
        self.questions = list(questions)
        self.beside = {"quota_max": 300, "quota_remaining": 240}
        server.answers[SEARCH] = self.answer

    def answer(self, request):
        low, page, size = (int(request.query[name]) for name in ("min", "page", "pagesize"))
        found = sorted(
            (one for one in self.questions if one["last_activity_date"] >= low),
            key=lambda one: one["last_activity_date"],
        )
        shown = found[(page - 1) * size : page * size]
        return Answer({"items": shown, "has_more": page * size < len(found)} | self.beside)


@pytest.fixture
def site(server):
    return Site(server)


@pytest.fixture
def listen(server, web, acme):
    def run_once(cursor=None, now=NOON, brands=(acme,), **options):
        said = {"sites": ["stackoverflow"]} | options
        fetched = StackExchange(server.url, web).listen(brands, said, cursor or {}, now)
        json.dumps(fetched.cursor)
        return fetched

    return run_once


@pytest.fixture(autouse=True)
def no_key(monkeypatch):
    monkeypatch.delenv("STACKEXCHANGE_KEY", raising=False)


def ids(fetched):
    return sorted(found.mention.id for found in fetched.found)


def test_a_question_becomes_a_mention_with_its_author_and_link():
    mention = to_mention(a_question(42, last_edit_date=THEN + 60), "stackoverflow")
    assert mention.id == "stackexchange:stackoverflow/42"
    assert (mention.kind, mention.title, mention.text) == ("post", 'How do I mend an "anvil"?', "My acme anvil broke")
    assert (mention.author, mention.author_url) == ("Jörg", "https://stackoverflow.com/users/1/jorg")
    assert mention.url == "https://stackoverflow.com/questions/42/how"
    assert (mention.engagement, mention.published_at) == (-2, NOON)
    assert mention.edited_at == NOON + timedelta(minutes=1)


def test_the_question_of_a_deleted_account_has_no_author():
    assert to_mention(a_question(1, owner=None), "stackoverflow").author is None


@pytest.mark.parametrize(
    "facts",
    [
        {"question_id": None},
        {"question_id": "1; drop"},
        {"creation_date": None},
        {"title": None, "body": ""},
        {"body": 7},
    ],
)
def test_a_question_without_id_time_or_words_is_refused(facts):
    with pytest.raises(Unreadable):
        to_mention(a_question(1) | facts, "stackoverflow")


def test_what_the_search_found_by_its_tags_only_is_left_out(site, listen):
    site.questions = [a_question(1), a_question(2, body="nothing of it")]
    assert ids(listen()) == ["stackexchange:stackoverflow/1"]


def test_the_first_run_looks_back_as_far_as_told(site, listen):
    site.questions = [a_question(days, THEN - days * 86_400) for days in (1, 29, 31)]
    assert len(ids(listen())) == 2
    assert ids(listen(first_days=7)) == ["stackexchange:stackoverflow/1"]


def test_a_second_run_brings_what_is_new_or_edited_and_nothing_twice(site, listen):
    site.questions = [a_question(1, THEN - 900_000), a_question(2, THEN - 300)]
    first = listen()
    site.questions[0] = a_question(1, THEN + 60, body="acme, edited", creation_date=THEN - 900_000, last_edit_date=THEN)
    site.questions.append(a_question(3, THEN + 30))
    second = listen(first.cursor, NOON + timedelta(minutes=30))
    assert ids(second) == ["stackexchange:stackoverflow/1", "stackexchange:stackoverflow/3"]
    assert not listen(second.cursor, NOON + timedelta(hours=1)).found


def test_a_burst_of_900_between_two_runs_loses_none(site, listen):
    site.questions = [a_question(0)]
    first = listen()
    site.questions += [a_question(number, THEN + number // 150) for number in range(1, 901)]  # 150 in one second
    second = listen(first.cursor, NOON + timedelta(minutes=30))
    assert len(second.found) == 900
    assert not second.gaps


def test_what_is_too_much_for_one_run_is_read_on_at_the_next(site, listen, monkeypatch):
    monkeypatch.setattr(stackexchange, "REQUESTS", 2)
    site.questions = [a_question(number, THEN - 90_000 + number * 100) for number in range(500)]
    cursor, seen = {}, []
    assert listen(cursor).more
    for _ in range(6):
        fetched = listen(cursor)
        cursor, seen = fetched.cursor, seen + ids(fetched)
    assert not fetched.more
    assert len(seen) == len(set(seen)) == 500


def test_an_hour_away_loses_nothing(site, listen, server):
    site.questions = [a_question(1)]
    first = listen()
    site.questions += [a_question(number, THEN + number) for number in range(2, 500)]
    works, server.answers[SEARCH] = server.answers[SEARCH], Answer("", 503)
    with pytest.raises(ListenerError):
        listen(first.cursor, NOON + timedelta(minutes=30))
    server.answers[SEARCH] = works
    assert len(listen(first.cursor, NOON + timedelta(hours=1)).found) == 498


def test_a_search_that_gives_the_same_page_again_is_left_and_said(server, listen):
    server.answers[SEARCH] = Answer({"items": [a_question(1)], "has_more": True})
    fetched = listen()
    assert ids(fetched) == ["stackexchange:stackoverflow/1"]
    assert "same page" in fetched.gaps[0].why
    assert len(server.requests) == 3


def test_a_broken_time_far_ahead_does_not_carry_known_content_away(site, listen):
    site.questions = [a_question(1, THEN + 10**9)]
    first = listen()
    site.questions.append(a_question(2, THEN + 60))
    assert "stackexchange:stackoverflow/2" in ids(listen(first.cursor, NOON + timedelta(hours=1)))


def test_the_same_question_for_two_terms_comes_once(site, listen):
    site.questions = [a_question(1, body="acme makes anvils")]
    brands = (Brand("Acme", ("acme",)), Brand("Anvil", ("anvil", "anvils")))
    assert ids(listen(brands=brands)) == ["stackexchange:stackoverflow/1"]


def test_every_site_is_searched_and_ids_of_two_sites_stay_apart(site, listen):
    site.questions = [a_question(1)]
    fetched = listen(sites=["stackoverflow", "superuser"])
    assert ids(fetched) == ["stackexchange:stackoverflow/1", "stackexchange:superuser/1"]


def test_a_site_that_is_no_name_is_said(listen):
    with pytest.raises(ListenerError, match="not the name of a site"):
        listen(sites=["https://stackoverflow.com"])


def test_one_bad_item_costs_only_itself_and_is_told_once(site, listen):
    site.questions = [a_question(1), a_question(2, question_id=None), a_question(3)]
    first = listen()
    assert len(first.found) == 2
    assert [refused.reason for refused in first.rejected] == ["it has no id"]
    assert not listen(first.cursor).rejected


def test_answers_come_packed_and_are_unpacked(server, listen):
    body = gzip.compress(json.dumps({"items": [a_question(1)], "has_more": False}).encode())
    server.answers[SEARCH] = Answer(body, headers={"Content-Encoding": "gzip"})
    assert len(listen().found) == 1
    assert "gzip" in server.requests[0].headers["accept-encoding"]


def test_a_pause_that_was_asked_for_is_kept_across_runs(site, listen, server):
    site.questions = [a_question(number, THEN - number) for number in range(250)]
    site.beside |= {"backoff": 10}
    first = listen()
    assert len(server.requests) == 1
    with pytest.raises(ListenerError) as caught:
        listen(first.cursor, NOON + timedelta(seconds=4))
    assert caught.value.retry_after == 6
    assert len(server.requests) == 1
    site.beside.pop("backoff")
    later = listen(first.cursor, NOON + timedelta(seconds=11))
    assert len(set(ids(first)) | set(ids(later))) == 250
    assert "not_before" not in later.cursor


def test_what_is_left_of_the_quota_is_told(site, listen):
    assert listen().left == 0.8


def test_a_key_is_sent_where_there_is_one_and_never_said(site, listen, server, monkeypatch):
    listen()
    assert "key" not in server.requests[0].query
    monkeypatch.setenv("STACKEXCHANGE_KEY", "s3cret-key")
    listen()
    assert server.requests[1].query["key"] == "s3cret-key"
    server.answers[SEARCH] = Answer({"error_id": 400, "error_name": "bad_parameter", "error_message": "`key`"}, 400)
    with pytest.raises(ListenerError, match="STACKEXCHANGE_KEY") as caught:
        listen()
    assert "s3cret" not in str(caught.value)


def test_a_used_up_quota_says_when_to_come_back(server, listen):
    said = "too many requests from this IP, more requests available in 4711 seconds"
    server.answers[SEARCH] = Answer({"error_id": 502, "error_name": "throttle_violation", "error_message": said}, 400)
    with pytest.raises(ListenerError, match="used up") as caught:
        listen()
    assert (caught.value.permanent, caught.value.retry_after) == (False, 4711)


def test_a_recheck_tells_the_gone_from_the_standing_and_the_edited(server, web):
    server.answers["/questions/1;2;3"] = Answer({"items": [a_question(1), a_question(3, last_edit_date=THEN)]})
    held = [RecheckTarget(f"stackexchange:stackoverflow/{number}") for number in (1, 2, 3)]
    result = StackExchange(server.url, web).recheck(held, {}, NOON)
    assert list(result.gone) == ["stackexchange:stackoverflow/2"]
    assert list(result.present) == ["stackexchange:stackoverflow/1", "stackexchange:stackoverflow/3"]
    assert [found.mention.id for found in result.found] == ["stackexchange:stackoverflow/3"]


def test_recorded_wrappers_are_read_and_their_items_set_aside_with_a_reason(server, listen):
    path = RECORDED / "stackexchange" / "test_users_associated"
    if not path.exists():
        pytest.skip("the recorded payloads are not beside this checkout (stackexchange)")
    server.answers[SEARCH] = Answer(path.read_text(encoding="utf-8"))
    fetched = listen()
    assert fetched.rejected
    assert not fetched.found
    assert 0 < fetched.left <= 1


@each_failure
def test_every_failure_is_one_listener_error(server, listen, expect, answer, permanent):
    server.answers[SEARCH] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        listen()
    assert (caught.value.source, caught.value.permanent) == ("stackexchange", permanent)


@each_wait
def test_being_told_to_wait_is_passed_on(server, listen, said, seconds):
    server.answers[SEARCH] = told_to_wait(said)
    with pytest.raises(ListenerError) as caught:
        listen()
    assert caught.value.retry_after == seconds
