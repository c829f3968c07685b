"""Pushed bodies: what is to be erased leaves the body it came in, and whatever else was pushed with it stays."""

from __future__ import annotations

import json

import pytest

from data.models import Erase
from data.retention import files
from data.spool import pushes
from tests.data.builders import found

HERS, OTHERS = {"id": "77001", "text": "acme is a disgrace"}, {"id": "77002", "text": "acme is fine"}
WANTED = [said for _, said in files.of([{"id": "acme-news:77001", "source": "acme-news", "author": None,
                                          "title": None, "text": "acme is a disgrace"}])]  # fmt: skip


def body(value):
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (body([HERS, OTHERS]), [OTHERS]),
        (body([{**HERS, "id": 77001, "text": "changed"}, OTHERS]), [OTHERS]),
        (body([{**HERS, "id": "other"}, OTHERS]), [OTHERS]),
        (body({"page": 1, "data": [HERS, OTHERS]}), {"page": 1, "data": [OTHERS]}),
        (body({"page": 1, "errors": [], "data": [OTHERS, HERS]}), {"page": 1, "errors": [], "data": [OTHERS]}),
        (body([{**OTHERS, "comments": [HERS, OTHERS]}]), [{**OTHERS, "comments": [OTHERS]}]),
        (body([{**OTHERS, "comments": [HERS]}]), [{**OTHERS, "comments": []}]),
        (body([{"post": HERS, "stars": 1}, OTHERS]), [OTHERS]),
        (body([{"parts": ["so:", HERS["text"]]}, OTHERS]), [OTHERS]),
        (b'\xef\xbb\xbf' + body([{"id": 1, "url": "https://a.b/c/77001/"}, OTHERS]), [OTHERS]),
        (body([HERS, OTHERS]).replace(b"disgrace", b"\\u0064isgrace"), [OTHERS]),
    ],
)  # fmt: skip
def test_the_rows_that_hold_it_go_and_no_others(content, kept):
    assert json.loads(pushes.without(content, WANTED)) == kept


@pytest.mark.parametrize(
    "content",
    [
        body(HERS),
        body([HERS]),
        body({"page": 1, "data": [HERS]}),
        b"acme is a disgrace",
        body(HERS) + b"\n\n" + body(HERS),
    ],
)
def test_of_a_body_that_held_nothing_else_nothing_is_left(content):
    assert pushes.without(content, WANTED) == b""


@pytest.mark.parametrize(
    "content",
    [body([OTHERS]), body([{**OTHERS, "likes": 770010, "id": "177001"}]), b"", b"[]", b"[" * 100_000, b"\xff\xfe",
     b'{"a": NaN, "b": 1.0}\n{"c": '],
    ids=range(7),
)  # fmt: skip
def test_what_holds_nothing_of_it_stays_to_the_byte(content):
    assert pushes.without(content, WANTED) == content


def test_lines_are_taken_one_by_one_whether_they_are_json_or_not():
    content = body(OTHERS) + b"\n" + body(HERS) + b"\nacme is a disgrace, {\nsomething else, {\n"
    assert pushes.without(content, WANTED).splitlines() == [body(OTHERS), b"something else, {"]


def test_what_is_too_deep_to_be_a_row_goes_when_it_holds_it():
    deep = b"[" * 100_000 + b'"acme is a disgrace"' + b"]" * 100_000
    assert pushes.without(deep, WANTED) == b""


@pytest.fixture
def intake(room):
    room.places.intake.mkdir(parents=True)
    return room.places.intake


def test_an_erasure_finds_what_was_pushed_and_is_not_read_yet(room, intake):
    room.take(found(1, author="jo doe", text="acme is a disgrace"))
    waits = intake / "acme-news-20261120T110000000000-0123456789ab.body"
    waits.write_bytes(body([HERS, {"id": "3", "author": "jo doe", "text": "acme again"}, OTHERS]))
    only_hers = waits.with_name("acme-news-20261120T120000000000-0123456789ab.body")
    only_hers.write_bytes(body([HERS]))
    for half_done in ("a.rows", "a.body.part"):
        (intake / half_done).write_bytes(body([HERS, OTHERS]))
    (intake / "b.body.part").write_bytes(body([OTHERS]))
    room.take(erase=[Erase("ana", source="test", author="jo doe")])
    assert json.loads(waits.read_bytes()) == [OTHERS]
    assert (
        sorted(path.name for path in intake.iterdir())
        == [waits.name, "b.body.part"]
        == sorted([waits.name, "b.body.part"])
    )
    assert json.loads(room.value("SELECT counts FROM erasure"))["bodies"] == 2


def test_what_is_pushed_while_an_erasure_goes_on_is_found_when_it_ends(room, intake, monkeypatch):
    room.take(found(1, text="acme is a disgrace"))
    wipe = files.wipe

    def and_then_it_is_pushed_again(here, found_by):
        counts = wipe(here, found_by)
        (intake / "acme-news-20261120T110000000000-0123456789ab.body").write_bytes(body([HERS]))
        return counts

    monkeypatch.setattr(files, "wipe", and_then_it_is_pushed_again)
    room.take(gone=["test:1"])
    assert list(intake.iterdir()) == []


def test_what_has_expired_may_be_told_again(room, intake):
    waits = intake / "acme-news-20261120T110000000000-0123456789ab.body"
    waits.write_bytes(body([HERS]))
    assert files.wipe_aside(room.places, [("", said) for said in WANTED]) == 0
    assert waits.exists()
