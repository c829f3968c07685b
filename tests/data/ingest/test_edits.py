"""What changed after our answer is open again, says why, and waits from the edit on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

import data
from analysis import ranking
from data.analytics import published
from data.analytics.published import Publisher
from data.models import ActionKind, Answer, Case, Reason, Sentiment, Status
from data.queue import details, queue, ranks
from data.queue.actions import Collision
from data.queue.queue import View
from tests.data.builders import ACME, HOUR, NOON, RANKING, action, answer, found, lines, mention, row

K = ActionKind
LATER = NOON + 5 * HOUR
SAID = "acme works well"


def review(rating=5.0, text=SAID, **more):
    return found(1, kind="review", rating=rating, text=text, **more)


def edited(rating=5.0, text=SAID, at=LATER, **more):
    return review(rating, text, edited_at=at, **more)


def close(room, kind):
    """Put the first mention away: by an answer that stands at its source, or by what a person does here."""
    if kind == "answer":
        room.take(answers=[answer(1)])
    else:
        room.record(action(kind, 1, body="sorry", until=NOON + timedelta(days=9)))


def why(room, now=LATER):
    """Why the first mention stands in the queue again; None where it does not stand there."""
    with room.store.read() as reading:
        [row] = queue.page(reading, RANKING, View(), now) or [None]
    return row and row.edited


@pytest.fixture
def late(room):
    """The same room some hours later: what is taken in now is taken in then."""
    room.take(review())
    return replace(room, clock=lambda: LATER)


@pytest.mark.parametrize(
    ("kind", "because"),
    [
        ("answer", "edited after our answer: 5 → 1 stars"),
        (K.REPLY, "edited after our answer: 5 → 1 stars"),
        (K.RESOLVE, "edited after it was resolved: 5 → 1 stars"),
        (K.SNOOZE, "edited while it was snoozed: 5 → 1 stars"),
    ],
)
def test_a_review_with_fewer_stars_than_when_it_was_put_away_is_open_again_and_says_why(late, kind, because):
    close(late, kind)
    assert why(late) is None
    assert late.take(edited(1.0)).edited == 1
    assert why(late) == because


@pytest.mark.parametrize("kind", ["answer", K.REPLY, K.RESOLVE, K.DISMISS, K.SNOOZE])
def test_other_words_open_it_again(late, kind):
    close(late, kind)
    late.take(edited(text="acme deleted my files"))
    assert why(late).endswith(": other words")


def test_stars_and_words_are_both_told(late):
    close(late, "answer")
    late.take(edited(2.5, "acme deleted my files"))
    assert why(late) == "edited after our answer: 5 → 2.5 stars, other words"


@pytest.mark.parametrize("kind", ["answer", K.RESOLVE, K.DISMISS, K.SNOOZE])
@pytest.mark.parametrize(
    ("rating", "text"),
    [
        (5.0, "acme works well"),
        (5.0, "  Acme\n works\u00a0well. "),
        (5.0, "<p>acme <b>works</b><br/>well</p>"),
        (5.0, "acme *works* &amp; __well__"),
        (5.0, "acme [works](https://example.com/a) well"),
        (5.0, ""),
    ],
)
def test_blanks_and_markup_are_no_other_words(late, kind, rating, text):
    close(late, kind)
    late.take(edited(rating, text))
    assert why(late) is None
    assert late.value("SELECT text FROM mention") == text  # it is kept all the same


def test_entities_of_letters_and_accents_are_no_other_words(room):
    room.take(review(text="acme isn&#39;t a caf&eacute;"), answers=[answer(1)])
    room.take(edited(text="acme isn\u2019t a café"))
    assert room.open() == []


@pytest.mark.parametrize("text", ["acme isn\u02bct slow", "ａｃｍｅ　isn´t slow", "acme isn\u2032t\u202fslow"])
def test_another_way_of_typing_the_same_is_no_other_words(room, text):
    room.take(review(text="acme isn't slow"), answers=[answer(1)])
    room.take(edited(text=text))
    assert room.open() == []


@pytest.mark.parametrize("text", ["acme works well 🤬", "acme works well?", "acme works", "アクメ acme"])
def test_an_emoji_a_question_and_words_of_any_script_are_other_words(late, text):
    close(late, "answer")
    late.take(edited(text=text))
    assert why(late) == "edited after our answer: other words"


@pytest.mark.parametrize(("rating", "text", "comes_back"), [
    (2.0, SAID, False), (5.0, SAID, False), (5.0, "acme mended it, thank you", False),
    (2.0, "acme is still broken", True),
])  # fmt: skip
def test_more_stars_are_no_reason_to_come_back(room, rating, text, comes_back):
    room.take(review(1.0), answers=[answer(1)])
    room.take(edited(rating, text))
    assert (room.open() == ["test:1"]) is comes_back


def test_what_was_set_aside_as_not_relevant_stays_away_until_its_words_change(late):
    close(late, K.DISMISS)
    late.take(edited(1.0))
    assert late.open() == []
    late.take(edited(1.0, "acme deleted my files", at=LATER + HOUR))
    assert late.open() == ["test:1"]


def test_an_answer_after_the_edit_answers_it(room):
    room.take(review())
    room.take(edited(1.0, at=NOON), answers=[answer(1, after=HOUR)])
    assert room.open() == []


def test_an_answer_before_the_edit_does_not_answer_it_whenever_it_is_told(late):
    late.take(edited(1.0, at=NOON + 3 * HOUR), answers=[answer(1, after=HOUR)])
    assert late.open(LATER) == ["test:1"]
    late.take(answers=[answer(1, "and sorry again", after=2 * HOUR)])
    assert late.open(LATER) == ["test:1"]
    late.take(answers=[answer(1, "we mended it", after=4 * HOUR)])
    assert late.open(LATER) == []


def test_an_edit_on_the_day_of_an_answer_that_was_known_before_is_not_answered_by_it(room):
    known = answer(1, after=HOUR)
    room.take(review(), answers=[known])
    room.take(edited(1.0, at=known.answered_at), answers=[known])
    assert room.open() == ["test:1"]


def test_an_edit_without_a_time_counts_from_when_it_is_told(late):
    close(late, "answer")
    late.take(review(1.0))
    [row] = late.page(LATER)
    assert row.waits_from == LATER


def test_an_edit_without_a_time_that_comes_with_a_new_answer_is_answered(room):
    room.take(review())
    room.take(review(1.0), answers=[answer(1)])
    assert room.open() == []


def test_an_own_post_is_an_answer_too(empty):
    empty.listen_for(replace(ACME, handles=("@acmehelp",)))
    empty.take(review(), found(2, parent_id="test:1", text="@ann sorry", author="acmehelp", published_at=NOON))
    assert empty.open() == []
    empty.take(edited(1.0))
    assert empty.open() == ["test:1"]


def test_the_answer_that_is_told_again_with_the_edit_changes_nothing(room):
    room.take(review(), answers=[answer(1)])
    room.take(edited(1.0), answers=[answer(1)])
    assert room.open() == ["test:1"]


def test_an_open_mention_that_is_edited_stays_as_it_is(late):
    late.take(edited(1.0))
    assert why(late) is None and late.open() == ["test:1"]
    assert late.value("SELECT count(*) FROM action") == 0


def test_a_snooze_that_ended_is_no_snooze(room):
    room.take(review())
    room.record(action(K.SNOOZE, 1, until=NOON + HOUR))
    replace(room, clock=lambda: LATER).take(edited(1.0))
    assert why(room) is None and room.open(LATER) == ["test:1"]


def test_the_next_edit_is_told_too_while_it_is_open(late):
    close(late, "answer")
    late.take(edited(3.0))
    late.take(edited(1.0, at=LATER + HOUR))
    assert why(late) == "edited after our answer: 3 → 1 stars"


def test_an_edit_that_was_dealt_with_is_no_reason_any_more(late):
    close(late, "answer")
    late.take(edited(1.0))
    done = late.record(action(K.RESOLVE, 1, at=LATER))
    assert late.open(LATER) == []
    late.record(action(K.UNDO, 1, undoes=done.id))
    assert why(late) == "edited after our answer: 5 → 1 stars"
    late.record(action(K.RESOLVE, 1, at=LATER))
    late.record(action(K.REOPEN, 1, at=LATER))
    assert late.open(LATER) == ["test:1"] and why(late) is None


def test_who_undoes_what_the_edit_undid_is_told_so(late):
    done = late.record(action(K.RESOLVE, 1))
    late.take(edited(1.0))
    with pytest.raises(Collision) as collision:
        late.record(action(K.UNDO, 1, undoes=done.id))
    assert [one.actor for one in collision.value.since] == ["system"]


def test_it_waits_from_the_edit_on_and_is_late_from_then(late):
    close(late, "answer")
    late.take(edited(1.0))
    with late.store.read() as reading:
        [row] = queue.page(reading, ranking, View(), LATER + HOUR)
    assert row.due_at == LATER + 8 * HOUR
    assert not [reason for reason in row.reasons if reason.why.startswith("waiting")]
    case = Case(Sentiment.NEGATIVE, edited=row.edited)
    assert Reason("edited after our answer: 5 → 1 stars", 2) in ranking.rank(case)


def test_it_stands_through_ranking_anew_corrections_and_a_change_of_brands(late):
    close(late, "answer")
    late.take(edited(1.0))
    late.record(action(K.NOTE, 1, body="hm"))
    late.record(action(K.EXPECT, 1, body="yes"))
    with late.store.write() as transaction:
        ranks.rebuild(transaction, RANKING, "SELECT id AS mention_id FROM mention")
    assert why(late) == "edited after our answer: 5 → 1 stars"


def test_the_detail_says_why_and_the_log_when(late):
    close(late, "answer")
    late.take(edited(1.0))
    with late.store.read() as reading:
        detail = details.find(reading, "test:1")
    assert detail.state.status is Status.OPEN
    assert detail.state.edited == "edited after our answer: 5 → 1 stars"
    assert [(one.kind, one.actor) for one in detail.actions] == [(K.REPLY, "the brand"), (K.REOPEN, "system")]


def test_the_published_copy_tells_of_it_and_of_the_first_reply(late, monkeypatch):
    monkeypatch.setattr(published, "SHORTEST", 0.0)
    close(late, "answer")
    late.take(edited(1.0))
    Publisher(late.store, late.places.published).publish()
    copy = data.snapshot(late.places.published)
    assert copy.sql("SELECT mention_id, status FROM queue").fetchall() == [("test:1", "open")]
    assert copy.sql("SELECT mention_id FROM first_reply").fetchall() == [("test:1",)]


def test_text_that_expired_and_is_told_again_is_no_edit(late):
    close(late, "answer")
    with late.store.write() as transaction:
        transaction.run("UPDATE mention SET text = '', title = NULL")
        transaction.run("INSERT INTO expired SELECT 'test:1', collected_at, 'gone' FROM mention")
    late.take(edited())
    assert late.open(LATER) == []


def test_a_title_that_is_told_for_the_first_time_is_no_edit(late):
    close(late, "answer")
    late.take(edited(title="Nice"))
    assert late.open(LATER) == []
    late.take(edited(title="Awful", at=LATER + HOUR))
    assert late.open(LATER) == ["test:1"]


def test_an_older_state_that_is_told_late_opens_nothing(room):
    room.take(edited(5.0), answers=[answer(1)])
    room.take(edited(1.0, at=NOON - HOUR))
    assert room.open() == []


def test_each_of_many_is_looked_at_apart(room):
    room.take(*(found(n, rating=5.0) for n in range(1, 41)), answers=[answer(n) for n in range(1, 31)])
    room.record(action(K.RESOLVE, 31))
    room.take(*(found(n, rating=1.0 if n % 2 else 5.0, edited_at=LATER) for n in range(1, 41)))
    shown = {one.mention_id: one.edited for one in room.page() + room.page(page=2)}
    assert {one for one, told in shown.items() if told} == {f"test:{n}" for n in range(1, 32, 2)}
    assert len(shown) == 25 and shown["test:32"] is None


def test_read_line_by_line_it_is_the_same(late):
    close(late, "answer")
    late.lay(lines(row(1, kind="review", rating=1, text=SAID, edited_at=LATER.isoformat()), {"id": "bad"}))
    late.absorb()
    assert why(late) == "edited after our answer: 5 → 1 stars"


@pytest.mark.parametrize("rating", [1.0, 3.5])
def test_a_review_new_to_us_that_was_edited_after_its_answer_is_open(room, rating):
    room = replace(room, clock=lambda: LATER)
    room.take(edited(rating), answers=[answer(1)])
    assert why(room) == f"edited after our answer: {rating:g} of 5 stars"


def test_a_time_of_writing_days_after_the_answer_is_that_of_an_edit(room):
    room.take(review(1.0, published_at=NOON - HOUR), answers=[replace(answer(1), answered_at=NOON - 26 * HOUR)])
    assert why(room) == "edited after our answer: 1 of 5 stars"


@pytest.mark.parametrize(
    ("stars", "edit", "after"), [(4.0, LATER, HOUR), (1.0, NOON, 2 * HOUR), (1.0, None, HOUR), (1.0, None, -20 * HOUR)]
)
def test_a_review_new_to_us_that_was_answered_last_or_is_content_stays_answered(room, stars, edit, after):
    room = replace(room, clock=lambda: LATER)
    room.take(edited(stars, at=edit), answers=[answer(1, after=after)])
    assert why(room) is None
    assert room.value("SELECT count(*) FROM mention") == 1


def test_two_answers_and_an_edit_between_them_are_answered(room):
    later = answer(1, "all settled", after=9 * HOUR)
    room.take(edited(1.0), answers=[answer(1), later])
    assert room.open() == []


def test_a_mention_of_nobody_of_ours_is_opened_for_nobody(room):
    room.take(found(1, text="nobody", rating=5.0), answers=[Answer("test:1", "hm", mention(1).published_at + HOUR)])
    room.take(found(1, text="nobody at all", rating=1.0, edited_at=LATER))
    assert room.open() == []


def test_the_case_of_its_rank_says_so(late):
    close(late, "answer")
    late.take(edited(1.0))
    assert json.loads(late.value("SELECT told FROM queue"))["edited"] == "edited after our answer: 5 → 1 stars"
