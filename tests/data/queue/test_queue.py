"""The reply queue: ranked, filtered, paged and counted; snoozes end by themselves."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from analysis import ranking
from data.models import ActionKind, Sentiment, Status
from data.queue import queue
from data.queue.queue import View
from data.settings import Places
from data.store.store import Store
from tests.data.builders import ACME, BOLT, HOUR, NOON, RANKING, RIVAL, Room, action, answer, found, mention, numbers

K = ActionKind


def page(room, now=NOON, rows=queue.PAGE, by=RANKING, **view):
    with room.store.read() as connection:
        return queue.page(connection, by, View(**view), now, rows=rows)


def count(room, me="ana", now=NOON, **view):
    with room.store.read() as connection:
        return queue.count(connection, View(**view), me, now)


@pytest.fixture
def busy(room):
    """Six open mentions of two brands on two sources, one of them snoozed, two assigned."""
    return occupied(room)


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """The same for tests that only look."""
    room = occupied(Room(Places(tmp_path_factory.mktemp("seen")), Store(":memory:", settings={"threads": "1"})))
    yield room
    room.store.close()


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """The same for tests that only look, with three of them closed one after the other."""
    room = occupied(Room(Places(tmp_path_factory.mktemp("closed")), Store(":memory:", settings={"threads": "1"})))
    for n, hours in ((1, 3), (3, 2), (4, 1)):
        room.record(action(K.RESOLVE, n, at=NOON + hours * HOUR))
    yield room
    room.store.close()


def occupied(room):
    room.listen_for(ACME, BOLT)
    room.take(
        found(1, text="acme is bad", author="Zoë"),
        found(2, text="acme how", source="forum"),
        found(3, text="bolt is good", title="Hello World"),
        found(4, text="acme and bolt are bad", source="forum", rating=1.0),
        found(5, text="acme"),
        found(6, text="bolt 100% _sure_ c:\\bolt"),
    )
    room.record(action(K.ASSIGN, 1, assignee="ana"))
    room.record(action(K.ASSIGN, 2, assignee="bo"))
    room.record(action(K.SNOOZE, 5, until=NOON + HOUR))
    return room


def test_the_most_points_come_first_then_the_earliest_due(busy):
    assert [(one.mention_id, one.points) for one in page(busy)] == [
        ("test:4", 8),
        ("test:1", 3),
        ("test:2", 1),
        ("test:6", 0),
        ("test:3", 0),
    ]


def test_a_tighter_promise_is_due_sooner_though_it_is_younger(room):
    room.listen_for(ACME, replace(BOLT, reply_within=HOUR))
    room.take(found(60, text="acme"), found(1, text="bolt"))
    # Seen at the first's own moment: no wait has earned points yet.
    assert room.open() == ["test:1", "test:60"]


def test_equal_in_everything_they_stand_in_the_order_of_their_ids(room):
    room.take(*(found(n, published_at=NOON) for n in (3, 1, 2)))
    assert room.open() == ["test:1", "test:2", "test:3"]


def test_each_row_says_why_it_stands_there_and_the_reasons_add_up(busy):
    first = page(busy)[0]
    assert [(reason.why, reason.points) for reason in first.reasons] == [("negative", 3), ("1 star", 5)]
    real = page(busy, now=NOON + 5 * HOUR, by=ranking)
    for one in real:
        waited = ranking.waiting_points(NOON + 5 * HOUR - one.published_at, one.due_at - one.published_at)
        assert one.points == sum(reason.points for reason in page_reasons(one)) + waited


def page_reasons(one):
    return [reason for reason in one.reasons if not reason.why.startswith("waiting")]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ({}, {1, 2, 3, 4, 6}),
        ({"brand": "Acme"}, {1, 2, 4}),
        ({"brand": "Bolt"}, {3, 4, 6}),
        ({"brand": "Nobody"}, set()),
        ({"source": "forum"}, {2, 4}),
        ({"assignee": "ana"}, {1}),
        ({"assignee": ""}, {3, 4, 6}),
        ({"sentiment": Sentiment.NEGATIVE}, {1, 4}),
        ({"sentiment": Sentiment.POSITIVE}, {3}),
        ({"status": Status.SNOOZED}, {5}),
        ({"text": "BOLT"}, {3, 4, 6}),
        ({"text": "hello"}, {3}),
        ({"text": "zoë"}, {1}),
        ({"text": "100% _sure_"}, {6}),
        ({"text": "%"}, {6}),
        ({"text": "c:\\bolt"}, {6}),
        ({"text": "'; DROP TABLE queue; --"}, set()),
        ({"brand": "Acme", "source": "forum", "sentiment": Sentiment.NEGATIVE, "text": "and"}, {4}),
        ({"brand": "Acme", "assignee": "ana", "text": "bolt"}, set()),
    ],
)
def test_filters_let_through_what_they_say_and_counts_agree(seen, view, expected):
    assert set(numbers(one.mention_id for one in page(seen, **view))) == expected
    tabs = count(seen, **view)
    if "assignee" not in view and "status" not in view:
        assert tabs["open"] == len(expected)
        assert tabs["mine"] == len(expected & {1})
        assert tabs["unassigned"] == len(expected & {3, 4, 6})


def test_tabs_count_open_mine_unassigned_snoozed_and_old_whatever_the_tab(busy):
    everything = {"open": 5, "mine": 1, "unassigned": 3, "snoozed": 1, "old": 0}
    assert count(busy) == count(busy, status=Status.SNOOZED) == everything
    assert count(busy, assignee="bo") == everything | {"open": 1, "snoozed": 0}
    assert count(busy, me="bo")["mine"] == 1
    assert count(busy, me="nobody")["mine"] == 0
    assert count(busy, now=NOON + HOUR) == {"open": 6, "mine": 1, "unassigned": 4, "snoozed": 0, "old": 0}


def test_pages_hold_every_row_once(room):
    room.take(*(found(n) for n in range(1, 61)))
    pages = [page(room, page=number) for number in (1, 2, 3, 4)]
    assert [len(rows) for rows in pages] == [25, 25, 10, 0]
    ids = [one.mention_id for rows in pages for one in rows]
    assert len(set(ids)) == 60
    assert ids == [one.mention_id for one in page(room, rows=100)]
    assert [one.mention_id for one in page(room, rows=7)] == ids[:7]


@pytest.mark.parametrize("sought", ["mira's soup", "MIRA\u2019S\u00a0SOUP", "mira`s  soup", "s soup is"])
def test_what_is_searched_for_is_found_however_it_is_typed(room, sought):
    room.take(
        found(1, text="acme: Mira\u2019s\u00a0soup is cold"),
        found(2, text="acme: Mi\u00adra's soup is cold"),
        found(3, text="acme: Mirassoup is cold"),
    )
    room.record(action(K.RESOLVE, 2, at=NOON))
    assert [one.mention_id for one in page(room, text=sought)] == ["test:1"]
    assert count(room, text=sought)["open"] == 1
    with room.store.read() as connection:
        assert [one.mention_id for one in queue.resolved(connection, View(text=sought))] == ["test:2"]
        assert queue.count_resolved(connection, View(text=sought)) == 1


def test_an_empty_store_has_an_empty_queue(empty):
    assert page(empty) == page(empty, text="x") == []
    assert count(empty) == {"open": 0, "mine": 0, "unassigned": 0, "snoozed": 0, "old": 0}
    with empty.store.read() as connection:
        assert queue.resolved(connection, View()) == queue.people(connection) == queue.sources(connection) == []
        assert queue.count_acted(connection) - queue.count_strangers(connection) == 0


@pytest.mark.parametrize(
    ("after", "status"),
    [(-1, Status.SNOOZED), (0, Status.OPEN), (1, Status.OPEN)],
)
def test_a_snooze_wakes_at_its_very_moment(room, after, status):
    room.take(found(1))
    room.record(action(K.SNOOZE, until=NOON + HOUR))
    now = NOON + HOUR + timedelta(microseconds=after)
    [shown] = page(room, now, status=status)
    assert shown.status is status
    other = Status.OPEN if status is Status.SNOOZED else Status.SNOOZED
    assert page(room, now, status=other) == []


def test_what_woke_can_be_resolved_or_snoozed_again_but_not_reopened(room):
    room.take(found(1))
    room.record(action(K.SNOOZE, until=NOON))
    with pytest.raises(Exception, match="open cannot be given"):
        room.record(action(K.REOPEN, at=NOON + HOUR))
    room.record(action(K.SNOOZE, at=NOON + HOUR, until=NOON + 2 * HOUR))
    assert room.open(now=NOON + HOUR) == []


def test_an_excerpt_is_one_line_of_at_most_240_characters(room):
    room.take(found(1, title="Help", text="acme\n\n  is\tbad " * 100), found(2, text="acme"))
    first, second = page(room)
    assert first.excerpt.startswith("Help: acme is bad acme is")
    assert 150 < len(first.excerpt) <= 240
    assert second.excerpt == "acme"


def test_a_further_complaint_of_one_author_on_one_source_counts(room):
    room.take(
        *(found(n, text="acme is bad", author="Max") for n in (1, 2, 3)),
        found(4, text="acme is bad", author="Max", source="forum"),
        found(5, text="acme", author="Max"),
    )
    assert {one.mention_id: [reason.why for reason in one.reasons] for one in page(room)} == {
        "test:3": ["negative"],
        "test:2": ["negative", "complaint 2"],
        "test:1": ["negative", "complaint 3"],
        "test:4": ["negative"],
        "test:5": [],
    }


def test_a_name_shared_by_very_many_says_nothing_about_one_person(room):
    room.take(*(found(n, text="acme is bad", author="A user") for n in range(1, 41)))
    assert {one.points for one in page(room, rows=50)} == {3}


def test_mentions_without_an_author_are_nobodys_repeat(room):
    room.take(*(found(n, text="acme is bad", author=None) for n in (1, 2)))
    assert {one.points for one in page(room)} == {3}


WITHIN = [timedelta(minutes=6), HOUR, timedelta(hours=1 / 3), timedelta(hours=7.7), 8 * HOUR, timedelta(days=365)]
PARTS = [
    -1,
    -0.001,
    0,
    0.1,
    0.25,
    0.3,
    0.5,
    0.75,
    0.99,
    1,
    1.5,
    2,
    3.9,
    4,
    5,
    8,
    15.99,
    16,
    17,
    64,
    100,
    256,
    1024,
    5000,
]


def test_the_stores_wait_earns_the_points_that_ranking_says(room):
    room.listen_for(
        *(replace(ACME, name=f"B{n}", terms=(f"b{n}",), reply_within=within) for n, within in enumerate(WITHIN))
    )
    room.take(*(found(n, text=f"b{n}", published_at=NOON) for n in range(len(WITHIN))))
    wrong = []
    nudges = (timedelta(), timedelta(microseconds=1), timedelta(microseconds=-1))
    for place, part, nudge in itertools.product(range(len(WITHIN)), PARTS, nudges):
        now = NOON + WITHIN[place] * part + nudge
        if now > NOON + timedelta(days=365 * 60):  # beyond it floating point is no judge of microseconds
            continue
        [shown] = page(room, now, brand=f"B{place}")
        if shown.points != ranking.waiting_points(now - NOON, WITHIN[place]):
            wrong.append((str(WITHIN[place]), part, nudge, shown.points))
    assert wrong == []


def resolved(room, **view):
    with room.store.read() as connection:
        return queue.resolved(connection, View(**view))


def test_closed_mentions_stand_on_a_page_of_their_own_the_latest_first(busy):
    busy.record(action(K.RESOLVE, 3, at=NOON))
    busy.record(action(K.DISMISS, 1, at=NOON + HOUR))
    busy.drop(answers=[answer(4, after=-HOUR)])
    busy.absorb()
    closed = resolved(busy)
    assert [one.mention_id for one in closed] == ["test:1", "test:3", "test:4"]
    assert [(one.status, one.points, one.reasons) for one in closed] == [(Status.RESOLVED, 0, ())] * 3
    assert closed[2].brands == ("Acme", "Bolt")
    assert [one.version for one in closed] == [2, 1, 1]
    with busy.store.read() as connection:
        assert queue.count_acted(connection) - queue.count_strangers(connection) == 3


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ({"brand": "Bolt"}, [3, 4]),
        ({"source": "forum"}, [4]),
        ({"sentiment": Sentiment.NEGATIVE}, [1, 4]),
        ({"text": "GOOD"}, [3]),
        ({"text": "hello"}, [3]),
        ({"text": "zoë"}, [1]),
        ({"assignee": "ana"}, [1]),
        ({"assignee": "bo"}, []),
        ({"assignee": ""}, [3, 4]),
        ({"page": 2}, []),
    ],
)
def test_closed_mentions_can_be_filtered(closed, view, expected):
    assert numbers(one.mention_id for one in resolved(closed, **view)) == expected
    if "page" not in view:
        with closed.store.read() as connection:
            assert queue.count_resolved(connection, View(**view)) == len(expected)


def test_a_closed_mention_is_theirs_who_had_it_last(room):
    room.take(*(found(n) for n in range(1, 5)))
    for n in range(1, 5):
        room.record(action(K.ASSIGN, n, assignee="ana"))
    taken_back = room.record(action(K.ASSIGN, 1, assignee="bo"))
    room.record(action(K.UNDO, 1, undoes=taken_back.id))
    room.record(action(K.ASSIGN, 2, assignee="bo"))
    room.record(action(K.ASSIGN, 3, assignee=None))
    for n in range(1, 4):
        room.record(action(K.RESOLVE, n))
    room.record(action(K.ASSIGN, 4, assignee="bo"))
    assert {one.mention_id: one.assignee for one in resolved(room)} == {"test:1": "ana", "test:2": "bo", "test:3": None}
    for name, theirs in (("ana", [1]), ("bo", [2]), ("", [3]), ("cy", [])):
        assert numbers(one.mention_id for one in resolved(room, assignee=name)) == theirs
        with room.store.read() as connection:
            assert queue.count_resolved(connection, View(assignee=name)) == len(theirs)


@pytest.mark.parametrize("view", [{}, {"assignee": "ana"}, {"source": "test"}, {"text": "odd"}])
def test_as_many_closed_mentions_are_counted_as_the_pages_hold(room, monkeypatch, view):
    monkeypatch.setattr(queue, "PAGE", 2)
    room.take(
        *(
            found(n, text=f"acme {'odd' if n % 2 else 'even'}", author="AcmeHelp" if n > 5 else "Zoë")
            for n in range(1, 8)
        )
    )
    for n in range(1, 8):
        room.record(action(K.ASSIGN, n, assignee="ana" if n % 2 else "bo"))
        room.record(action(K.RESOLVE, n))
    room.listen_for(replace(ACME, handles=("@AcmeHelp",)))  # what was closed is a post of our own from now on
    with room.store.read() as connection:
        counted = queue.count_acted(connection) - queue.count_strangers(connection)
        if view:
            counted = queue.count_resolved(connection, View(**view))
    pages = [len(resolved(room, page=number, **view)) for number in range(1, -(-counted // 2) + 1)]
    assert sum(pages) == counted
    assert 0 not in pages


def test_closed_mentions_of_competitors_are_neither_shown_nor_counted(room):
    room.listen_for(ACME, RIVAL)
    room.take(found(1, text="rival"), found(2), answers=[answer(1), answer(2)])
    assert [one.mention_id for one in resolved(room)] == ["test:2"]
    with room.store.read() as connection:
        assert queue.count_acted(connection) - queue.count_strangers(connection) == 1


def test_people_are_those_who_acted_by_hand_or_were_given_something(busy):
    busy.drop(answers=[answer(3, author="Acme Care")])
    busy.absorb()
    with busy.store.read() as connection:
        assert queue.people(connection) == ["ana", "bo"]
        assert queue.sources(connection) == ["forum", "test"]


def test_what_is_due_is_the_promise_after_it_was_published(room):
    room.take(found(1))
    [shown] = page(room)
    assert shown.due_at == mention(1).published_at + ACME.reply_within
