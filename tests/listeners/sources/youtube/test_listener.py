"""YouTube: recorded pages through Google's own client, threads, the quota, failures."""

from datetime import UTC, datetime, timedelta

import pytest

from listeners.base import ListenerError
from listeners.border import Unreadable
from listeners.sources.youtube import listener
from listeners.sources.youtube.client import UNITS_A_DAY, Quota
from listeners.sources.youtube.listener import to_mention
from tests.listeners.failures import each_failure, each_wait, told_to_wait
from tests.listeners.servers.server import Answer
from tests.listeners.sources.youtube import youtube_bench
from tests.listeners.sources.youtube.youtube_bench import (
    COMMENTS,
    NOON,
    OURS,
    THREADS,
    VIDEO,
    a_comment,
    a_reply,
    a_thread,
    ids,
    recorded,
)

app, listen, source, tube = youtube_bench.app, youtube_bench.listen, youtube_bench.source, youtube_bench.tube

# --- shapes ---


def test_a_reply_becomes_a_mention_of_its_thread():
    mention = to_mention(a_reply(2, 1, updatedAt="2026-11-23T13:00:00Z"))
    assert mention.id == "youtube:Ug1.2"
    assert (mention.kind, mention.text, mention.author, mention.engagement) == ("comment", "it broke", "@someone", 4)
    assert mention.url == f"https://www.youtube.com/watch?v={VIDEO}&lc=Ug1.2"
    assert mention.thread_id == mention.parent_id == "youtube:Ug1"
    assert (mention.published_at, mention.edited_at) == (NOON, NOON + timedelta(hours=1))


@pytest.mark.parametrize(
    "facts",
    [
        {"id": None},
        {"id": "a b"},
        {"snippet": None},
        {"snippet": {"textDisplay": "x"}},
        {"snippet": {"textDisplay": 7}},
    ],
)
def test_a_comment_without_id_time_or_words_is_refused(facts):
    with pytest.raises(Unreadable):
        to_mention(a_comment(1) | facts)


@pytest.mark.parametrize(
    "name", ["comment_threads_by_channel", "comment_threads_all_to_me", "comment_thread_api_response"]
)
def test_recorded_threads_become_mentions_through_googles_own_client(server, source, acme, name):
    told = recorded(name)
    told.pop("nextPageToken", None)
    server.answers[THREADS] = Answer(told)
    server.answers[COMMENTS] = Answer({"items": []})
    fetched = source.listen([acme], {"channels": [OURS], "first_days": 9999}, {}, NOON)
    tops = {f"youtube:{thread['snippet']['topLevelComment']['id']}" for thread in told["items"]}
    assert tops <= set(ids(fetched))
    assert {found.brands for found in fetched.found} == {("Acme",)}
    assert not fetched.rejected


def test_recorded_pages_follow_their_tokens(server, source, acme):
    first, second = recorded("comment_threads_by_video_paged_1"), recorded("comment_threads_by_video_paged_2")
    second.pop("nextPageToken", None)
    server.answers[THREADS] = [Answer(first), Answer(second)]
    server.answers[COMMENTS] = Answer({"items": []})
    fetched = source.listen([acme], {"videos": [VIDEO], "first_days": 9999}, {}, NOON)
    shown = {thread["id"] for thread in first["items"] + second["items"]}
    assert {f"youtube:{number}" for number in shown} <= set(ids(fetched))
    assert server.asked(THREADS)[1].query["pageToken"] == first["nextPageToken"]


@pytest.mark.parametrize(("name", "permanent"), [("error_response", True), ("error_permission_resp", True)])
def test_recorded_errors_are_told_plainly_and_without_the_key(server, listen, name, permanent):
    told = recorded(name)
    server.answers[THREADS] = Answer(told, told["error"]["code"])
    with pytest.raises(ListenerError) as caught:
        listen()
    assert caught.value.permanent is permanent
    assert "s3cret" not in str(caught.value)


# --- listening ---


def test_threads_and_replies_come_once(tube, listen, server):
    tube.threads = [a_thread(1, NOON - timedelta(hours=5), [a_reply(1, 1)]), a_thread(0, NOON - timedelta(days=40))]
    first = listen()
    assert ids(first) == ["youtube:Ug1", "youtube:Ug1.1"]
    asked = server.asked(THREADS)[0].query
    assert (asked["key"], asked["order"], asked["textFormat"]) == ("key-s3cret", "time", "plainText")
    assert asked["allThreadsRelatedToChannelId"] == OURS
    assert not listen(first.cursor, NOON + timedelta(minutes=15)).found


def test_a_late_reply_to_a_comment_of_yesterday_is_found(tube, listen):
    tube.threads = [a_thread(1, NOON - timedelta(days=1))]
    first = listen()
    tube.threads = [a_thread(1, NOON - timedelta(days=1), [a_reply(1, 1, NOON + timedelta(minutes=5))])]
    assert ids(listen(first.cursor, NOON + timedelta(minutes=15))) == ["youtube:Ug1.1"]


def test_replies_that_do_not_come_with_their_thread_are_fetched_once(tube, listen, server):
    replies = [a_reply(number, 1) for number in range(130)]
    tube.threads, tube.replies = [a_thread(1, replies=replies[:5], total=130)], {"Ug1": replies}
    first = listen()
    assert len(first.found) == 131
    assert len(server.asked(COMMENTS)) == 2
    assert not listen(first.cursor).found
    assert len(server.asked(COMMENTS)) == 2


def test_a_burst_of_900_between_two_runs_loses_none(tube, listen):
    tube.threads = [a_thread(0)]
    first = listen()
    tube.threads += [a_thread(number, NOON + timedelta(seconds=number)) for number in range(1, 901)]
    second = listen(first.cursor, NOON + timedelta(minutes=15))
    assert len(second.found) == 900
    assert not second.gaps


def test_an_edit_comes_again(tube, listen):
    tube.threads = [a_thread(1)]
    first = listen()
    tube.threads = [a_thread(1, text="it works", updatedAt="2026-11-23T13:00:00Z")]
    assert listen(first.cursor, NOON + timedelta(hours=1)).found[0].mention.text == "it works"


def test_a_ceiling_that_is_hit_and_a_pager_that_repeats_are_gaps(tube, listen, server, monkeypatch):
    monkeypatch.setattr(listener, "REQUESTS", 2)
    tube.threads = [a_thread(number, NOON - timedelta(minutes=number)) for number in range(400)]
    (gap,) = listen().gaps
    assert gap.until == NOON - timedelta(minutes=199)
    server.answers[THREADS] = Answer({"items": [a_thread(1)], "nextPageToken": "same"})
    assert "twice" in listen().gaps[0].why


def test_an_hour_away_loses_nothing(tube, listen, server):
    tube.threads = [a_thread(1)]
    first = listen()
    tube.threads += [a_thread(number, NOON + timedelta(seconds=number)) for number in range(2, 300)]
    works, server.answers[THREADS] = server.answers[THREADS], Answer("", 503)
    with pytest.raises(ListenerError):
        listen(first.cursor, NOON + timedelta(minutes=30))
    server.answers[THREADS] = works
    assert len(listen(first.cursor, NOON + timedelta(hours=1)).found) == 298


def test_our_own_replies_are_answers_and_our_own_comments_nothing(tube, listen):
    reply = a_reply(1, 1, text="We are on it.", by=OURS)
    tube.threads = [a_thread(1, replies=[reply]), a_thread(2, text="Buy one!", by=OURS)]
    fetched = listen()
    assert ids(fetched) == ["youtube:Ug1"]
    (answer,) = fetched.answers
    assert (answer.mention_id, answer.text) == ("youtube:Ug1", "We are on it.")
    assert not listen(fetched.cursor).answers


def test_one_bad_comment_costs_only_itself_and_is_told_once(tube, listen):
    tube.threads = [a_thread(1), a_thread(2, authorDisplayName=None, textDisplay=""), a_thread(3)]
    first = listen()
    assert ids(first) == ["youtube:Ug1", "youtube:Ug3"]
    assert [refused.reason for refused in first.rejected] == ["it has no words"]
    assert not listen(first.cursor).rejected


def test_a_video_whose_comments_are_off_costs_nothing_of_the_others(tube, listen, server):
    tube.threads = [a_thread(1)]
    works = server.answers[THREADS]
    off = {"error": {"code": 403, "errors": [{"reason": "commentsDisabled"}]}}
    server.answers[THREADS] = lambda request: Answer(off, 403) if "videoId" in request.query else works(request)
    fetched = listen(channels=[OURS], videos=[VIDEO])
    assert ids(fetched) == ["youtube:Ug1"]
    assert "switched off" in fetched.troubles[0]


@pytest.mark.parametrize("options", [{"channels": ["@acme"]}, {"videos": ["https://youtu.be/x"]}, {"first_days": 3}])
def test_what_is_no_channel_or_video_is_said(listen, options):
    with pytest.raises(ListenerError) as caught:
        listen(**options)
    assert caught.value.permanent


# --- the quota ---


def test_units_are_counted_over_the_day_and_what_is_left_is_told(tube, listen):
    first = listen()
    assert first.cursor["quota"]["units"] == 1
    assert first.left == 1 - 1 / UNITS_A_DAY
    assert listen(first.cursor).cursor["quota"]["units"] == 2
    assert listen(first.cursor, NOON + timedelta(days=1)).cursor["quota"]["units"] == 1


def test_a_day_whose_units_are_spent_asks_no_more_until_midnight_in_california(tube, listen, server):
    spent = {"quota": {"day": "2026-11-23", "units": UNITS_A_DAY}}
    with pytest.raises(ListenerError, match="used up") as caught:
        listen(spent)
    assert caught.value.retry_after == 20 * 3600
    assert not server.requests
    assert Quota(spent["quota"], datetime(2026, 11, 24, 7, 59, tzinfo=UTC)).left == 0
    assert Quota(spent["quota"], datetime(2026, 11, 24, 8, 1, tzinfo=UTC)).left == 1


def test_a_quota_that_google_calls_used_up_is_waited_for(tube, listen, server):
    server.answers[THREADS] = Answer({"error": {"code": 403, "errors": [{"reason": "quotaExceeded"}]}}, 403)
    with pytest.raises(ListenerError, match="used up") as caught:
        listen()
    assert (caught.value.permanent, caught.value.retry_after) == (False, 20 * 3600)


# --- failures ---


@each_failure
def test_every_failure_is_one_listener_error(tube, listen, server, expect, answer, permanent):
    server.answers[THREADS] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        listen()
    assert (caught.value.source, caught.value.permanent) == ("youtube", permanent)
    assert "s3cret" not in str(caught.value)
    assert len(server.asked(THREADS)) == 1


@each_wait
def test_being_told_to_wait_is_passed_on(tube, listen, server, said, seconds):
    server.answers[THREADS] = told_to_wait(said)
    with pytest.raises(ListenerError) as caught:
        listen()
    assert caught.value.retry_after == seconds
