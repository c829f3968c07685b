"""The incremental reader: down to known content, what errors interrupt, what cannot be read, what pages left out."""

from datetime import UTC, datetime, timedelta

import pytest

from data.models import Brand, Mention
from listeners import border
from listeners.base import ListenerError
from listeners.sync.posts import Posts
from listeners.sync.reader import About, Pager, SliceReader, read_down

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ACME = Brand("Acme", ("acme",))


def to_post(item):
    if item["at"] is None:
        raise border.Unreadable("it has no time")
    at = NOON - timedelta(minutes=item["at"])
    return Mention(id=f"test:{item['id']}", source="test", kind="post", text=item["text"], published_at=at)


class Listing:
    """A source that lists its items newest first, so many a page; page `fails_at` is answered with an error."""

    def __init__(self, items, size=10, fails_at=None):
        self.items, self.size, self.fails_at, self.asked = items, size, fails_at, 0

    def __call__(self, token):
        number = int(token or 0)
        self.asked += 1
        if number == self.fails_at:
            raise ListenerError("test", "it is down")
        start = number * self.size
        after = start + self.size
        return self.items[start:after], str(number + 1) if after < len(self.items) else None


def said(count, apart=10, text="Acme is slow"):
    return [{"id": number, "at": number * apart, "text": text} for number in range(count)]


def reader(state=None, outlives_errors=False):
    made = Posts(to_post, About((ACME,)), NOON - timedelta(days=30), NOON).reader("test", "acme", state or {})
    made.outlives_errors = outlives_errors
    return made


def test_a_second_run_reads_no_page_below_known_content_and_brings_nothing_again():
    first = read_down(reader(), Pager(Listing(said(100))))
    listing = Listing(said(100))
    second = read_down(reader(first.state), Pager(listing))
    assert (len(first.found), len(second.found)) == (100, 0)
    assert listing.asked < 4
    assert second.state == first.state


def test_an_edit_within_the_overlap_comes_again():
    first = read_down(reader(), Pager(Listing(said(5))))
    edited = [{**one, "text": "Acme is quick"} if one["id"] == 2 else one for one in said(5)]
    second = read_down(reader(first.state), Pager(Listing(edited)))
    assert [one.mention.text for one in second.found] == ["Acme is quick"]


def test_pages_that_end_before_known_content_leave_a_gap_with_its_bounds():
    part = read_down(reader(), Pager(Listing(said(100)), ceiling=2))
    (gap,) = part.gaps
    assert (gap.query, gap.why) == ("acme", "more than 2 pages")
    assert (gap.since, gap.until) == (NOON - timedelta(days=30), part.found[-1].mention.published_at)


def test_what_was_read_when_an_error_interrupts_is_kept_where_the_cursor_holds():
    interrupted = reader(outlives_errors=True)
    assert not interrupted.read(Pager(Listing(said(50), fails_at=2)))
    assert len(interrupted.part().found) == 20
    assert str(interrupted.interrupted) == "it is down"


@pytest.mark.parametrize(("outlives_errors", "fails_at"), [(False, 2), (True, 0)])
def test_an_error_is_passed_on_where_the_cursor_does_not_hold_or_nothing_was_read(outlives_errors, fails_at):
    with pytest.raises(ListenerError, match="it is down"):
        reader(outlives_errors=outlives_errors).read(Pager(Listing(said(50), fails_at=fails_at)))


def test_an_item_that_cannot_be_read_is_kept_once_with_its_reason():
    items = [*said(3), {"id": 9, "at": None, "text": "Acme"}]
    first = read_down(reader(), Pager(Listing(items)))
    (refused,) = first.rejected
    assert (refused.file, refused.line, refused.reason) == ("test: acme", 4, "it has no time")
    assert not read_down(reader(first.state), Pager(Listing(items))).rejected


def test_a_source_that_gives_the_same_page_mark_for_ever_is_stopped():
    pager = Pager(lambda _: ([], "again"))
    assert not reader().read(pager)
    assert pager.cut == "the source gave the same page mark twice"


def test_what_names_no_brand_is_passed_over_until_that_brand_is_looked_for():
    items = said(3, text="Rival is slow")
    first = read_down(reader(), Pager(Listing(items)))
    assert not first.found
    other = Posts(to_post, About((Brand("Rival", ("rival",)),)), NOON - timedelta(days=30), NOON)
    assert len(read_down(other.reader("test", "acme", first.state), Pager(Listing(items))).found) == 3


def test_a_reader_keeps_everything_unless_it_is_told_what_to_keep():
    whole = SliceReader("test", "all", reader().cursor)
    whole.take(said(2, text="about nobody"))
    assert len(whole.found) == 2
