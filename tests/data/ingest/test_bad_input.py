"""Bad input at the drop folder: the good rows go in, each bad row is kept with its reason, the next batch is taken."""

from __future__ import annotations

import json

import pytest

import data.ingest.batch
from data.ingest import reading
from data.models import PartlyDone
from data.settings import Places
from data.store.store import Store
from tests.data.builders import ACME, RIVAL, Room, answer, found, lines, row

MENTION = row(2)
HALF = lines(MENTION).strip()[:60]
DEEP = b"[" * 100_000 + b"]" * 100_000


def changed(**what_matters: object) -> bytes:
    return lines(row(2, **what_matters))


# name: a bad line, and what its reason must say
BAD_LINES = {
    "a truncated line": (HALF + b"\n", "not a whole JSON line"),
    "text an object": (changed(text={"en": "acme"}), "text must be text, not an object"),
    "text a list": (changed(text=["acme"]), "text must be text, not a list"),
    "text a list of numbers": (changed(text=[1]), "text must be text, not a list"),
    "text null": (changed(text=None), "missing: text"),
    "no text": (changed(text=...), "missing: text"),
    "title an object": (changed(title={"en": "acme"}), "title must be text, not an object"),
    "rating five": (changed(rating="five"), "rating must be a number, not 'five'"),
    "rating not a number": (changed(rating=float("nan")), "rating must be a number"),
    "rating without end": (changed(rating=float("inf")), "rating must be a number"),
    "rating a list": (changed(rating=[5]), "rating must be a number"),
    "reach of 5,000 digits": (changed(reach=0).replace(b'"reach": 0', b'"reach": ' + b"9" * 5000), "digits"),
    "id a number": (changed(id=17), "id must be text such as"),
    "id a list": (changed(id=["test:2"]), "id must be text such as"),
    "id without its source": (changed(id="2"), "id must be text such as"),
    "id with a blank": (changed(id="a b:2"), "id must be text such as"),
    "no id": (changed(id=...), "missing: id"),
    "id empty": (changed(id=""), "missing: id"),
    "no source": (changed(source=...), "missing: source"),
    "no time": (changed(published_at=...), "missing: published_at"),
    "time null": (changed(published_at=None), "missing: published_at"),
    "published_at in epoch seconds": (changed(published_at=1763900000), "published_at must be text, not a number"),
    "published_at a number like a date": (changed(published_at=20261120), "published_at must be text, not a number"),
    "published_at an object": (changed(published_at={"$date": 1}), "published_at must be text, not an object"),
    "published_at a word": (changed(published_at="yesterday"), "published_at is not a time: 'yesterday'"),
    "published_at at infinity": (changed(published_at="infinity"), "published_at is not a time: 'infinity'"),
    "edited_at empty": (changed(edited_at=""), "edited_at is not a time"),
    "edited_at a number": (changed(edited_at=20261120), "edited_at must be text, not a number"),
    "year 0001": (changed(published_at="0001-01-01T00:00:00+00:00"), "published_at cannot be true: 0001"),
    "year 0001 east of Greenwich": (changed(published_at="0001-01-01T00:00:00+14:00"), "published_at is not a time"),
    "year 9999": (changed(published_at="9999-12-31T23:59:59+00:00"), "published_at cannot be true: 9999"),
    "edited in year 9999": (changed(edited_at="9999-12-31T23:59:59+00:00"), "edited_at cannot be true: 9999"),
    "brands a string": (changed(brands="Acme"), "brands must be a list of names"),
    "brands an object": (changed(brands={"name": "Acme"}), "brands must be a list of names"),
    "invalid UTF-8": (lines(MENTION).replace(b"number", b"num\xff\xfeber"), "not valid UTF-8 at byte"),
    "another encoding": (lines(MENTION).decode().strip().encode("utf-16-be") + b"\n", "not a whole JSON line"),
    "a line of NUL bytes": (b"\x00" * 300 + b"\n", "not a whole JSON line"),
    "a 10 MB text": (changed(text="acme " * 2_000_000), "the text has 10,000,000 characters; at most 1,000,000"),
    "a line over 32 MB": (changed(text="a" * 34_000_000), "the text has 34,000,000 characters"),
    "a JSON array": (b"[" + lines(MENTION).strip() + b"]\n", "a line must be a JSON object"),
    "a number": (b"5\n", "a line must be a JSON object"),
    "a string": (b'"acme"\n', "a line must be a JSON object"),
    "null": (b"null\n", "a line must be a JSON object"),
    "deeply nested": (DEEP + b"\n", "not a whole JSON line: maximum recursion depth"),
    "a deeply nested answer": (b'{"answer": ' + DEEP + b"}\n", "not a whole JSON line: maximum recursion depth"),
    "two objects on a line": (lines(MENTION).strip() + b" " + lines(row(2)), "not a whole JSON line: Extra data"),
    "an empty object": (b"{}\n", "missing: id, source, published_at, text"),
    "an answer to nobody": (lines({"answer": {"text": "hi", "answered_at": "2026-11-20"}}), "missing: mention_id"),
    "an answer that is text": (lines({"answer": "hi"}), "not an object"),
    "an answer at infinity": (
        lines({"answer": {"mention_id": "test:1", "text": "hi", "answered_at": "infinity"}}),
        "answered_at is not a time",
    ),
    "an answer in year 9999": (
        lines({"answer": {"mention_id": "test:1", "text": "hi", "answered_at": "9999-12-31T00:00:00+00:00"}}),
        "answered_at cannot be true",
    ),
    "a brand without a name": (lines({"brand": {"competitor": True}}), "missing: name"),
    "a run that never ended": (
        lines({"run": {"source": "test", "started_at": "2026-11-20T12:00:00+00:00"}}),
        "missing: ended_at",
    ),
    "a run whose gaps are words": (
        lines({"run": {"source": "test", "started_at": "2026-11-20", "ended_at": "2026-11-20", "gaps": "none"}}),
        "gaps must be a list",
    ),
    "a run with a gap of words": (
        lines({"run": {"source": "test", "started_at": "2026-11-20", "ended_at": "2026-11-20", "gaps": ["a"]}}),
        "gap: not an object",
    ),
}
each_bad_line = pytest.mark.parametrize(("bad", "why"), BAD_LINES.values(), ids=BAD_LINES.keys())


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """One room for all the lines of a table: each test empties it first."""
    room = Room(Places(tmp_path_factory.mktemp("kept")), Store(":memory:", settings={"threads": "1"}))
    room.listen_for(ACME)
    yield room
    room.store.close()


@pytest.fixture
def used(kept):
    with kept.store.write() as transaction:
        for table in ("mention", "match", "unscored", "rejected", "batch", "run", "action"):
            transaction.run(f"DELETE FROM {table}")
    return kept


@each_bad_line
def test_a_bad_line_is_kept_with_its_place_and_reason_while_its_neighbours_go_in(used, bad, why):
    batch = used.lay(lines(row(1)) + bad + lines(row(3)))
    used.drop(found(4))
    first, second = used.take_in()
    assert (first.added, first.rejected, first.unreadable, second.added) == (2, 1, None, 1)
    assert used.ids() == ["test:1", "test:3", "test:4"]
    [kept] = used.rows("SELECT batch, file, line, reason, content FROM rejected")
    assert (kept["batch"], kept["file"], kept["line"]) == (batch.name, batch.name, 2)
    assert why in kept["reason"]
    assert kept["content"]
    assert not list(used.places.incoming.iterdir())


# name: a line that is odd, and what becomes of it
ODD_LINES = {
    "text a number": ({"text": 42}, {"text": "42"}),
    "title a number": ({"title": 42}, {"title": "42"}),
    "raw NUL in the text": ({"text": "acme\x00!"}, {"text": "acme\N{REPLACEMENT CHARACTER}!"}),
    "NUL in the title": ({"title": "\x00\x00!"}, {"title": "\N{REPLACEMENT CHARACTER}" * 2 + "!"}),
    "a backslash before u0000": ({"text": r"acme \u0000"}, {"text": r"acme \u0000"}),
    "half a surrogate pair": ({"text": "acme \ud83d"}, {"text": "acme ?"}),
    "a text that looks like JSON's beginning": ({"text": "{acme"}, {"text": "{acme"}),
    "a text in brackets": ({"text": "[update] acme"}, {"text": "[update] acme"}),
    "an unknown field": ({"mood": "sour"}, {}),
    "an unknown field that is no number": ({"mood": float("nan")}, {}),
    "a time without a zone": ({"published_at": "2026-11-20T11:58:00"}, {}),
    "a time in another zone": ({"published_at": "2026-11-20T13:58:00+02:00"}, {}),
    "a time with a Z": ({"published_at": "2026-11-20T11:58:00Z"}, {}),
    "empty text": ({"text": ""}, {"text": ""}),
    "a text in many scripts": (
        {"text": "acme 🙂 שלום \u202eabc\u200b 漢"},
        {"text": "acme 🙂 שלום \u202eabc\u200b 漢"},
    ),
    "a line break in the text": ({"text": "acme\r\n\u2028\x85!"}, {"text": "acme\r\n\u2028\x85!"}),
    "terminal codes": ({"text": "acme \x1b[31m"}, {"text": "acme \x1b[31m"}),
}


@pytest.mark.parametrize("company", [b"", b'{"broken\n'], ids=["alone", "beside a broken line"])
@pytest.mark.parametrize(("odd", "expected"), ODD_LINES.values(), ids=ODD_LINES.keys())
def test_an_odd_line_goes_in_the_same_way_in_any_company(used, odd, expected, company):
    used.lay(lines(row(2, **odd)) + company)
    used.take_in()
    [stored] = used.rows("SELECT * FROM mention")
    plain = {"id": "test:2", "title": None, "text": "acme number 2", "kind": "post", "source": "test"}
    assert {name: stored[name] for name in plain} == plain | expected
    assert stored["published_at"].isoformat() == "2026-11-20T11:58:00+00:00"


def test_a_raw_nul_byte_in_a_line_is_replaced(room):
    room.lay(lines(row(1)) + lines(row(2)).replace(b"number", b"num\x00ber"))
    room.absorb()
    assert room.value("SELECT text FROM mention WHERE id = 'test:2'") == "acme num\N{REPLACEMENT CHARACTER}ber 2"


def test_a_nul_or_half_a_surrogate_pair_in_an_answer_stops_nothing(room):
    told = {"mention_id": "test:1", "text": "so\ud800rry\x00", "answered_at": "2026-11-20T13:00:00+00:00"}
    room.lay(lines(row(1), {"answer": told}, row(3)) + b"{\n")
    room.absorb()
    assert room.ids() == ["test:1", "test:3"]
    assert room.value("SELECT body FROM action") == "so?rry\N{REPLACEMENT CHARACTER}"


UNREADABLE = {
    "an empty file": (b"", "the file is empty"),
    "blank lines only": (b"\n\n   \n", "the file holds only blank lines"),
    "blanks only": (b"    ", "the file holds only blank lines"),
}


@pytest.mark.parametrize(("content", "why"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_batch_that_holds_nothing_is_set_aside_and_the_next_is_taken(room, content, why):
    batch = room.lay(content)
    room.drop(found(1))
    aside, taken = room.absorb()
    assert (aside.unreadable, taken.added) == (why, 1)
    assert [path.name for path in room.places.incoming.iterdir()] == [batch.name + ".rejected"]
    assert room.rows("SELECT file, line, reason FROM rejected") == [{"file": batch.name, "line": 0, "reason": why}]


def test_a_folder_named_like_a_batch_is_set_aside_and_the_next_is_taken(room):
    folder = room.places.incoming / "test-20261120T120000000000-00000aaaaaa.jsonl"
    (folder / "inside").mkdir(parents=True)
    room.drop(found(1))
    aside, taken = room.absorb()
    assert aside.unreadable == "cannot be read: Is a directory"
    assert taken.added == 1
    assert (folder.with_name(folder.name + ".rejected") / "inside").is_dir()


def test_what_was_set_aside_before_under_the_same_name_stays(room):
    for _ in range(3):
        folder = room.places.incoming / "x.jsonl"
        (folder / "inside").mkdir(parents=True)
        room.absorb()
    names = sorted(path.name for path in room.places.incoming.iterdir())
    assert names == ["x.jsonl.2.rejected", "x.jsonl.3.rejected", "x.jsonl.rejected"]


def test_a_batch_of_bad_lines_only_is_taken_and_every_line_kept(room):
    room.lay(json.dumps([row(1), row(2)], indent=1).encode())
    [done] = room.absorb()
    assert (done.added, done.unreadable) == (0, None)
    assert (
        room.value("SELECT count(*) FROM rejected")
        == done.rejected
        == len(json.dumps([row(1), row(2)], indent=1).split("\n"))
    )
    assert not list(room.places.incoming.iterdir())


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_half_a_batch_loses_only_its_last_line(room, kept):
    whole = lines(*(row(n) for n in range(1, 101)))
    half = whole[: int(len(whole) * kept)]
    room.lay(half)
    [done] = room.absorb()
    assert done.rejected == 1
    assert done.added + done.rejected == len(half.splitlines())


def test_good_and_bad_lines_add_up_to_all_lines(room):
    every = [lines(row(n)) for n in range(10, 40)]
    for place, (bad, _) in enumerate(BAD_LINES.values()):
        every.insert(place % 7 * 3, bad)
    room.lay(b"".join(every))
    [done] = room.absorb()
    assert done.added == 30
    assert done.rejected == len(BAD_LINES)
    numbers = [kept["line"] for kept in room.rows("SELECT line FROM rejected ORDER BY line")]
    assert numbers == [place for place, line in enumerate(every, start=1) if line in dict(BAD_LINES.values())]


def test_absorbing_a_mixed_batch_again_changes_nothing(room):
    content = lines(row(1)) + HALF + b"\n" + lines(row(3))
    room.lay(content)
    room.absorb()
    before = room.state()
    room.lay(content, "other-20261120T130000000000-00000bbbbbb.jsonl")
    [done] = room.absorb()
    assert (done.added, done.edited, done.rejected) == (0, 0, 0)
    assert room.state() == before


def test_a_good_batch_is_never_read_line_by_line(room, monkeypatch):
    def refuse(batch, now):
        raise AssertionError("the slow way")

    monkeypatch.setattr(data.ingest.batch, "validate", refuse)
    gap = {"query": "acme", "since": "2026-11-20", "until": "2026-11-20", "why": "a ceiling"}
    run = {"source": "test", "started_at": "2026-11-20T12:00:00+00:00", "ended_at": "2026-11-20T12:01:00+00:00"}
    told = {"mention_id": "test:1", "text": "hi", "answered_at": "2026-11-20T13:00:00+00:00"}
    room.lay(
        lines(
            row(1, title="[Help] {acme}", rating=1, text="[1] first", edited_at="2026-11-20T12:00:00+00:00"),
            {"answer": told},
            {"brand": {"name": "Bolt", "competitor": True}},
            {"rejected": {"file": "reviews.csv", "line": 3, "reason": "no time"}},
            {"run": run | {"gaps": [gap]}},
            {"run": run | {"gaps": []}},
            {"run": run},
        )
    )
    [done] = room.absorb()
    assert (done.added, done.rejected) == (1, 1)


def test_crlf_line_ends_blank_lines_and_a_byte_order_mark_are_read_over(room):
    first, second = lines(row(1)), lines(row(2))
    room.lay(b"\xef\xbb\xbf" + first.replace(b"\n", b"\r\n") + b"\r\n\n" + second.strip())
    [done] = room.absorb()
    assert (done.added, done.rejected) == (2, 0)


def test_the_newest_edit_of_an_id_told_twice_in_one_batch_wins(room):
    room.lay(
        lines(
            row(1, text="acme first", edited_at="2026-11-20T12:00:00+00:00"),
            row(1, text="acme last", edited_at="2026-11-20T14:00:00+00:00"),
            row(1, text="acme second", edited_at="2026-11-20T13:00:00+00:00"),
            row(1, text="acme never edited"),
        )
    )
    [done] = room.absorb()
    assert (done.mentions, done.added, done.edited) == (1, 1, 0)
    assert [kept["text"] for kept in room.rows("SELECT text FROM mention")] == ["acme last"]


def test_exact_repeats_in_one_batch_count_once(room):
    room.lay(lines(*[row(1)] * 50, row(2)))
    [done] = room.absorb()
    assert (done.mentions, done.added) == (2, 2)
    assert room.ids() == room.ids("match", "mention_id") == sorted(room.open()) == ["test:1", "test:2"]


@pytest.mark.parametrize(
    "names",
    [["Bolt", "bolt", "BOLT"], ["Two  Words", "Two Words", " two\twords "], ["\t", "  ", ""], ["a\x1bb\x85", "a\x1bb"]],
)
def test_brands_spelt_alike_or_not_at_all_stop_no_batch(room, names):
    room.drop(*(found(n, brands=[name]) for n, name in enumerate(names, start=1)))
    room.drop(*(found(n, brands=[name]) for n, name in enumerate(names, start=11)))
    first, second = room.absorb()
    assert (first.added, second.added) == (len(names), len(names))
    spelt = [name for name in names if name.strip()]
    brands = room.rows("SELECT name FROM brand WHERE name <> 'Acme'")
    assert len(brands) == bool(spelt)
    named = room.value("SELECT count(*) FROM match WHERE named_by = 'source' AND brand <> 'Acme'")
    assert named == 2 * len(spelt)
    assert not room.absorb()


def test_a_disk_that_fails_is_no_reason_to_set_a_batch_aside(room, monkeypatch):
    monkeypatch.setattr(reading, "READ", reading.READ.replace("$batch", "$batch || '.gone'"))
    batch = room.lay(lines(row(1)))
    with pytest.raises(PartlyDone, match="Nothing was changed"):
        room.absorb()
    assert batch.exists()
    monkeypatch.undo()
    [done] = room.absorb()
    assert done.added == 1


def test_a_rejected_line_told_by_a_listener_keeps_its_own_file_and_line(room):
    room.lay(lines({"rejected": {"file": "reviews.csv", "line": 7, "reason": "no time", "content": "x,y"}}, row(1)))
    [done] = room.absorb()
    assert done.rejected == 1
    [kept] = room.rows("SELECT file, line, reason, content FROM rejected")
    assert kept == {"file": "reviews.csv", "line": 7, "reason": "no time", "content": "x,y"}


def test_a_competitor_brand_from_a_batch_stays_one(room):
    room.drop(found(1, brands=["Rival"]), brands=[RIVAL], answers=[answer(1)])
    room.absorb()
    assert room.rows("SELECT name FROM brand WHERE competitor") == [{"name": "Rival"}]
