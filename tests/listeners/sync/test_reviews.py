"""What holds for every source of reviews: known content, edits, answers, deletions, failures, replies sent once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from data.models import ApprovedReply, Brand
from listeners.base import Doubtful, ListenerError, RecheckTarget
from listeners.schedule.runs import Task, run_once
from listeners.sync import reviews
from tests.listeners.failures import each_arrival, each_failure, each_wait, told_to_wait
from tests.listeners.servers.server import Answer
from tests.listeners.sources.review_benches import BENCHES, Said

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ACME, RIVAL = Brand("Acme", ("acme",)), Brand("Rival", ("rival",), competitor=True)


@pytest.fixture(params=BENCHES, ids=lambda bench: bench.source)
def bench(request, server, monkeypatch):
    made = request.param(server)
    for name, value in made.secrets.items():
        monkeypatch.setenv(name, value)
    return made


@pytest.fixture
def site(bench, web):
    return bench.listener(web)


@pytest.fixture
def listen(bench, site):
    def run_once(cursor=None, now=NOON, brands=(ACME, RIVAL), **options):
        cursor = json.loads(json.dumps(cursor or {}))  # as it comes back from the disk
        return site.listen(brands, {**bench.options, **options}, cursor, now)

    return run_once


def said(number, minutes_ago=0, **facts):
    return Said(number, NOON - timedelta(minutes=minutes_ago), **facts)


def ids(fetched):
    return [found.mention.id for found in fetched.found]


def break_down(server, bench, answer):
    """Every page of the site says so, all but its token server."""
    kept = server.answers[bench.token_path]
    server.answers |= dict.fromkeys(server.answers, answer)
    server.answers[bench.token_path] = kept


def approved(bench, text="We are sorry.", number=1):
    return ApprovedReply("l1", bench.id(number), text, "ada", NOON, url="https://example.com/1")


def test_a_review_comes_with_its_stars_its_brand_and_our_answer(bench, listen):
    bench.reviews = [said(1, 120, text="Never again.", stars=1, reply="So sorry."), said(2, 60)]
    fetched = listen()
    assert sorted(ids(fetched)) == sorted([bench.id(1), bench.id(2)])
    one = next(found for found in fetched.found if found.mention.id == bench.id(1))
    assert (one.mention.text, one.mention.rating, one.mention.kind) == ("Never again.", 1.0, "review")
    assert one.mention.published_at.replace(microsecond=0) == NOON - timedelta(minutes=120)
    assert one.brands == ("Acme",)
    (answer,) = fetched.answers
    assert (answer.mention_id, answer.text, answer.author) == (bench.id(1), "So sorry.", "Acme")
    assert answer.answered_at == datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_a_second_run_with_nothing_new_brings_nothing(bench, listen):
    bench.reviews = [said(number, number, reply="Thanks.") for number in range(1, 130)]
    first = listen()
    assert len(first.found) == 129
    for later in (5, 60, 60 * 30):
        again = listen(first.cursor, NOON + timedelta(minutes=later))
        assert (ids(again), list(again.answers), list(again.rejected), list(again.gaps)) == ([], [], [], [])


def test_nine_hundred_between_two_runs_lose_none(bench, listen):
    bench.reviews = [said(number, 10_000 + number) for number in range(40)]
    first = listen()
    bench.reviews += [said(number, 1000 - number) for number in range(100, 1000)]
    second = listen(first.cursor, NOON + timedelta(minutes=15))
    assert len(set(ids(second))) == len(second.found) == 900
    assert not second.gaps
    assert not listen(second.cursor, NOON + timedelta(minutes=30)).found


def test_an_hour_of_failures_loses_nothing(bench, listen, server):
    bench.reviews = [said(1, 100)]
    first = listen()
    bench.reviews += [said(number, 60 - number) for number in range(2, 40)]
    works = server.answers[bench.list_path]
    server.answers[bench.list_path] = Answer("", 503)
    for minutes in (15, 30, 45):
        try:
            fetched = listen(first.cursor, NOON + timedelta(minutes=minutes))
        except ListenerError:
            continue
        assert fetched.troubles
        first = fetched
    server.answers[bench.list_path] = works
    assert len(listen(first.cursor, NOON + timedelta(hours=1)).found) == 38


def test_a_late_answer_to_a_known_review_is_told_without_the_review(bench, listen):
    bench.reviews = [said(number, number) for number in range(1, 80)]
    first = listen()
    bench.reviews[2] = bench.reviews[2].with_(reply="We fixed it.")
    second = listen(first.cursor, NOON + timedelta(minutes=15))
    assert [answer.text for answer in second.answers] == ["We fixed it."]
    assert not second.found


def test_an_edit_far_down_is_seen_within_a_day(bench, listen):
    bench.reviews = [said(number, number) for number in range(1, 600)]
    first = listen()
    bench.reviews[580] = bench.reviews[580].with_(text="They called me. All is well.", stars=5)
    soon = listen(first.cursor, NOON + timedelta(minutes=15))
    assert not soon.found
    (found,) = listen(soon.cursor, NOON + timedelta(days=1)).found
    assert (found.mention.id, found.mention.rating) == (bench.id(581), 5.0)


def test_what_is_released_late_and_out_of_order_is_found(bench, listen):
    bench.reviews = [said(number, number * 10) for number in range(1, 60)]
    first = listen()
    bench.reviews.append(said(99, 105))
    assert ids(listen(first.cursor, NOON + timedelta(minutes=15))) == [bench.id(99)]


def test_a_pager_that_gives_the_same_mark_for_ever_is_stopped(bench, listen, server):
    bench.reviews = [said(number, number) for number in range(1, 250)]
    bench.repeats = True
    fetched = listen()
    assert len(server.asked(bench.list_path)) <= 3
    assert len(fetched.found) == min(bench.page_size, 249)
    assert "the same page" in fetched.gaps[0].why


def test_more_pages_than_one_run_may_read_are_a_gap_with_its_bounds(bench, listen, monkeypatch):
    monkeypatch.setattr(reviews.Pager, "__init__", _with_a_ceiling_of_two)
    bench.reviews = [said(number, number) for number in range(1, 500)]
    fetched = listen()
    (gap,) = fetched.gaps
    assert gap.since < gap.until == min(found.mention.published_at for found in fetched.found)
    assert "2 pages" in gap.why


def _with_a_ceiling_of_two(self, fetch, ceiling=2):
    self.fetch, self.ceiling, self.cut = fetch, ceiling, None


def test_one_review_that_cannot_be_read_is_set_aside_once_with_its_reason(bench, listen):
    bench.reviews = [said(1, 30), said(2, 20, broken=True), said(3, 10)]
    first = listen()
    assert sorted(ids(first)) == sorted([bench.id(1), bench.id(3)])
    (refused,) = first.rejected
    assert refused.reason == "it has no time"
    assert not listen(first.cursor, NOON + timedelta(minutes=15)).rejected


def test_a_listing_may_name_its_brand(bench, listen):
    bench.reviews = [said(1)]
    setting, (listed, *_) = next((key, value) for key, value in bench.options.items() if isinstance(value, list))
    assert listen(**{setting: [f"{listed} = rival"]}).found[0].brands == ("Rival",)
    with pytest.raises(ListenerError, match="which nobody set up"):
        listen(**{setting: [f"{listed} = Nobody"]})


def test_a_listing_that_changed_hands_is_read_again(bench, listen):
    bench.reviews = [said(1)]
    setting, (listed, *_) = next((key, value) for key, value in bench.options.items() if isinstance(value, list))
    first = listen()
    assert listen(first.cursor, **{setting: [f"{listed} = Rival"]}).found[0].brands == ("Rival",)


def test_a_token_is_asked_for_once_and_anew_when_it_was_taken_back(bench, listen):
    if bench.source == "app_store":
        pytest.skip("its token is signed here; no server grants it")
    bench.reviews = [said(1)]
    first = listen()
    listen(first.cursor)
    assert len(bench.granted) == 1
    bench.mark = "T2"
    assert listen(first.cursor).found == []
    assert len(bench.granted) == 2


def test_credentials_that_are_refused_are_said_plainly_and_never_shown(bench, listen, server):
    server.answers |= {path: Answer({"error": "invalid_grant"}, 400) for path in (bench.token_path,)}
    break_down(server, bench, Answer({}, 401))
    with pytest.raises(ListenerError) as caught:
        listen()
    assert caught.value.permanent
    assert "does not accept our credentials" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_missing_secret_is_named(bench, listen, monkeypatch):
    for name in bench.secrets:
        monkeypatch.delenv(name)
    with pytest.raises(ListenerError, match=next(iter(bench.secrets))):
        listen()


@each_failure
def test_every_failure_is_one_listener_error(bench, listen, server, expect, answer, permanent):
    break_down(server, bench, expect(answer))
    with pytest.raises(ListenerError) as caught:
        listen()
    assert (caught.value.source, caught.value.permanent) == (bench.source, permanent)


@each_wait
def test_being_told_to_wait_is_passed_on(bench, listen, server, said, seconds):
    break_down(server, bench, told_to_wait(said))
    with pytest.raises(ListenerError) as caught:
        listen()
    assert caught.value.retry_after == seconds


def test_something_else_than_reviews_is_said(bench, listen, server):
    break_down(server, bench, Answer({"message": "?"}))
    with pytest.raises(ListenerError, match="something else than"):
        listen()


def test_what_is_kept_of_a_run_holds_answers_but_no_secret_and_no_address(bench, site, kept):
    bench.reviews = [said(1, 30, reply="So sorry."), said(2, 20, broken=True)]
    outcome = run_once(Task(site, (ACME,), {**bench.options, "approved": "Ada"}), kept, 0, lambda: NOON, print)
    assert outcome.error is None
    files = [path.read_text() for path in kept.root.rglob("*") if path.is_file()]
    (batch,) = (path.read_text() for path in kept.incoming.iterdir())
    assert '"answer":{"mention_id":' in batch.replace(": ", ":")
    for secret in [*(value[:40] for value in bench.secrets.values()), f'{bench.mark}"', "someone@example.com"]:
        assert not [told for told in files if secret in told]


# Rechecks


def test_a_recheck_tells_what_is_gone_from_what_stands(bench, site):
    bench.reviews = [said(number, number) for number in range(1, 70)]
    held = [RecheckTarget(bench.id(number), published_at=NOON - timedelta(hours=1)) for number in (1, 60, 404)]
    result = site.recheck(held, bench.options, NOON)
    assert (result.gone, result.present) == ([bench.id(404)], [bench.id(1), bench.id(60)])


def test_a_recheck_that_fails_calls_nothing_gone(bench, site, server):
    for status in (403, 500):
        server.answers[bench.list_path] = server.answers["*"] = Answer("", status)
        with pytest.raises(ListenerError):
            site.recheck([RecheckTarget(bench.id(1), published_at=NOON)], bench.options, NOON)


# Replies


def test_a_reply_is_one_request_with_the_text_word_for_word(bench, site, server):
    text = "We are sorry — ask for Ada.\nLine two."
    sent = site.send(approved(bench, text), bench.options, NOON)
    writes = [request for request in server.requests if request.path != bench.token_path]
    assert len(writes) == 1
    assert text in json.dumps(json.loads(writes[0].body), ensure_ascii=False).replace("\\n", "\n")
    assert (sent.reply_id, sent.sent_at) == (f"{bench.id(1)}/reply", NOON)


@each_arrival
def test_a_reply_is_doubtful_only_where_it_may_have_arrived(bench, site, server, expect, answer, doubtful):
    server.answers["*"] = server.answers[bench.list_path] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        site.send(approved(bench), bench.options, NOON)
    assert isinstance(caught.value, Doubtful) is doubtful
    assert len([request for request in server.requests if request.path != bench.token_path]) == 1


def test_a_reply_is_found_by_its_text_and_no_other_passes_for_it(bench, site):
    bench.reviews = [said(1, reply="We are  sorry."), said(2, reply="Something else."), said(3)]
    assert site.find(approved(bench), bench.options, NOON).reply_id == f"{bench.id(1)}/reply"
    for number in (2, 3, 404):
        assert site.find(approved(bench, number=number), bench.options, NOON) is None


def test_whether_a_reply_stands_is_not_guessed(bench, site, server):
    server.answers["*"] = Answer("", 503)
    with pytest.raises(ListenerError):
        site.find(approved(bench), bench.options, NOON)


def test_a_reply_that_is_too_long_or_empty_is_refused_before_it_is_sent(bench, site, server):
    assert "are allowed" in site.refuses(approved(bench, bench.longest), bench.options)
    assert site.refuses(approved(bench, bench.longest[:-1]), bench.options) is None
    assert site.refuses(approved(bench, "  "), bench.options)
    assert not server.requests
