"""Feeds: shapes, dates that are missing, conditional requests, and a bad feed among good ones."""

from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

import pytest

from data.models import Brand
from listeners.base import ListenerError
from listeners.formats.feed_entries import told
from listeners.sources.rss import Rss, feeds
from tests.listeners.servers.server import Answer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def an_item(number, title="Acme opens", text="<p>in <b>town</b></p>", date="Mon, 23 Nov 2026 10:00:00 GMT", guid=None):
    when = f"<pubDate>{date}</pubDate>" if date else ""
    return (
        f"<item><title>{escape(title)}</title><link>https://news.example/{number}</link>"
        f"<guid>{escape(guid or f'https://news.example/{number}')}</guid>"
        f"<description>{escape(text)}</description>{when}<author>Ann</author></item>"
    )


def a_feed(*items):
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News</title>'
    return f"{head}<language>en-gb</language>{''.join(items)}</channel></rss>"


@pytest.fixture
def listen(server, web, acme):
    def run_once(*paths, cursor=None, now=NOON, brands=(acme,)):
        named = [server.url + path if isinstance(path, str) else path for path in paths]
        return Rss(web).listen(brands, {"feeds": named}, cursor or {}, now)

    return run_once


def titles(fetched):
    return [found.mention.title for found in fetched.found]


def test_an_entry_becomes_an_article_of_plain_text(server, listen):
    server.answers["/a"] = Answer(a_feed(an_item(1)))
    (found,) = listen("/a").found
    mention = found.mention
    assert (mention.kind, mention.title, mention.text, mention.author) == ("article", "Acme opens", "in town", "Ann")
    assert mention.url == "https://news.example/1"
    assert mention.published_at == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert mention.language == "en"
    assert mention.edited_at is None
    assert mention.id.startswith("rss:")
    assert len(mention.id) == len("rss:") + 16


def test_an_atom_entry_keeps_its_fuller_text_and_its_time_of_change(server, listen):
    server.answers["/a"] = Answer(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><id>tag:x,2026:1</id><title>acme</title>'
        "<summary>short</summary><content type='html'>&lt;p&gt;the whole story&lt;/p&gt;</content>"
        "<published>2026-11-20T10:00:00+02:00</published><updated>2026-11-21T10:00:00Z</updated></entry></feed>"
    )
    (found,) = listen("/a").found
    assert found.mention.text == "the whole story"
    assert found.mention.published_at == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert found.mention.edited_at == datetime(2026, 11, 21, 10, tzinfo=UTC)


def test_only_entries_about_a_brand_come_unless_the_feed_names_one(server, listen):
    server.answers["/a"] = Answer(a_feed(an_item(1), an_item(2, "Weather", "rain")))
    assert titles(listen("/a")) == ["Acme opens"]
    fetched = listen({"url": server.url + "/a", "brand": "Acme"})
    assert titles(fetched) == ["Acme opens", "Weather"]
    assert all(found.brands == ("Acme",) for found in fetched.found)


def test_an_article_in_two_feeds_is_one_mention(server, listen):
    server.answers |= {"/a": Answer(a_feed(an_item(1))), "/b": Answer(a_feed(an_item(1), an_item(2)))}
    assert len(listen("/a", "/b").found) == 2


def test_a_short_guid_is_not_taken_for_the_same_article_elsewhere():
    one, other = {"id": "1", "title": "a"}, {"id": "1", "title": "b"}
    assert told(one, "https://a.example/feed").key != told(other, "https://b.example/feed").key
    by_link = {"id": "77", "link": "https://x/1"}
    assert told(one | by_link, "https://a.example").key == told(by_link, "https://b.example").key


def test_an_entry_without_a_date_is_as_old_as_our_first_sight_of_it(server, listen):
    server.answers["/a"] = Answer(a_feed(an_item(1, date=None)))
    first = listen("/a")
    server.answers["/a"] = Answer(a_feed(an_item(1, "Acme opened", date=None)))
    second = listen("/a", cursor=first.cursor, now=NOON + timedelta(hours=3))
    assert first.found[0].mention.published_at == second.found[0].mention.published_at == NOON
    assert second.found[0].mention.id == first.found[0].mention.id


def test_what_is_announced_for_later_was_said_today(server, listen):
    server.answers["/a"] = Answer(a_feed(an_item(1, date="Mon, 30 Nov 2026 10:00:00 GMT")))
    assert listen("/a").found[0].mention.published_at == NOON


@pytest.mark.parametrize(
    "date", ["nonsense", "Thu, 99 Foo 2026", "03/04/2026 10:00", "some day in spring", "Thu, 19 Nov 2026 10:00:00 XQT"]
)
def test_a_date_that_cannot_be_read_is_said_and_not_taken_for_now(server, listen, date):
    server.answers["/a"] = Answer(a_feed(an_item(1, date=date), an_item(2)))
    first = listen("/a")
    assert len(first.found) == 1
    assert [refused.reason for refused in first.rejected] == [f"its date {date!r} cannot be read"]
    assert not listen("/a", cursor=first.cursor).rejected
    server.answers["/a"] = Answer(a_feed(an_item(1), an_item(2)))
    assert len(listen("/a", cursor=first.cursor).found) == 1


ZONES = {"GMT": 10, "EST": 15, "CET": 9, "CEST": 8, "BST": 9, "JST": 1, "AEST": 0, "IST": 4.5, "MSK": 7, "+0200": 8}


@pytest.mark.parametrize(("zone", "hour"), ZONES.items())
def test_a_zone_is_read_by_its_name(server, listen, zone, hour):
    server.answers["/a"] = Answer(a_feed(an_item(1, date=f"Mon, 23 Nov 2026 10:00:00 {zone}")))
    day = datetime(2026, 11, 23, tzinfo=UTC)
    assert listen("/a").found[0].mention.published_at == day + timedelta(hours=hour)


def a_strip(number, *, title=None, link=None, guid="strip-of-the-whole-feed", text="acme"):
    shared = f"<guid>{guid}</guid>" if guid else ""
    where = f"<link>{link or f'https://strips.example/{number}'}</link>"
    named = f"<title>{title or f'Acme strip {number}'}</title>"
    date = f"<pubDate>Mon, {number:02} Nov 2026 08:00:00 GMT</pubDate>"
    return f"<item>{named}{where}{shared}{date}<description>{text}</description></item>"


SHARED = {
    "a guid": {},
    "a guid that is a link": {"guid": "https://strips.example/all"},
    "a short guid and a link": {"guid": "7", "link": "https://strips.example/"},
    "a guid and a link": {"link": "https://strips.example/"},
    "a link without a guid": {"guid": None, "link": "https://strips.example/"},
}


@pytest.mark.parametrize("shared", SHARED.values(), ids=SHARED)
def test_entries_that_share_a_guid_or_a_link_are_each_kept_and_stay_themselves(server, listen, shared):
    ids, cursor = {}, {}
    # One that the feed listed before leaves it, another comes back, each alone and with others.
    for numbers in ((1,), (2,), (1, 2, 3), (3, 2, 1), (3,), (4, 3), (1, 4), (5,)):
        server.answers["/a"] = Answer(a_feed(*(a_strip(number, **shared) for number in numbers)))
        fetched = listen("/a", cursor=cursor)
        cursor = fetched.cursor
        for found in fetched.found:
            assert ids.setdefault(found.mention.id, found.mention.title) == found.mention.title
    assert set(ids.values()) == {f"Acme strip {number}" for number in range(1, 6)}


def test_an_edited_entry_among_those_that_share_a_guid_is_still_itself(server, listen):
    server.answers["/a"] = Answer(a_feed(a_strip(1), a_strip(2)))
    first = listen("/a")
    edits = (a_strip(2, text="acme, mended"), a_strip(1, title="Acme strip one, redrawn"))
    server.answers["/a"] = Answer(a_feed(*edits))
    second = listen("/a", cursor=first.cursor)
    assert {found.mention.id for found in second.found} == {found.mention.id for found in first.found}
    by_id = {found.mention.id: found.mention.url for found in (*first.found, *second.found)}
    assert all(by_id[found.mention.id] == found.mention.url for found in first.found)


def test_the_same_entry_listed_twice_is_one(server, listen):
    server.answers["/a"] = Answer(a_feed(a_strip(1), a_strip(1)))
    assert len({found.mention.id for found in listen("/a").found}) == 1


def test_a_cursor_of_an_earlier_version_is_read_and_nothing_comes_twice(server, listen):
    server.answers["/a"] = Answer(a_feed(an_item(1), an_item(2)))
    first = listen("/a")
    [state] = first.cursor["stretches"].values()
    state["seen"] = {f"rss:{id}": was[:2] for id, was in state["seen"].items()}
    server.answers["/a"] = Answer(a_feed(an_item(1), an_item(2, "Acme moves")))
    (found,) = listen("/a", cursor=first.cursor).found
    assert found.mention.id in {one.mention.id for one in first.found}


def test_a_link_without_a_host_is_joined_to_the_channels_own_or_else_to_the_feeds_address(server, listen):
    item = "<item><title>Acme</title><link>/posts/1</link><description>x</description></item>"
    server.answers |= {
        "/a": Answer(a_feed(item)),
        "/b": Answer(a_feed("<link>https://blog.example/en/</link>", item)),
        "/c": Answer(a_feed("<link>/en/</link>", item.replace("/posts/1", "//cdn.example/p"))),
        "/d": Answer(a_feed(item.replace("/posts/1", "http://[::1"))),
    }
    urls = [[found.mention.url for found in listen(path).found] for path in ("/a", "/b", "/c", "/d")]
    assert urls == [
        [f"{server.url}/posts/1"], ["https://blog.example/posts/1"], ["http://cdn.example/p"], ["http://[::1"],
    ]  # fmt: skip


ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"{}><title>x</title><id>urn:uuid:1</id>{}</feed>'
ENTRY = '<entry{0}><id>urn:uuid:{1}</id><title>acme {1}</title><link href="p/{1}"/><summary>x</summary></entry>'


def test_the_id_of_an_atom_feed_is_no_address_that_links_are_joined_to(server, listen):
    server.answers["/a/feed"] = Answer(
        ATOM.format("", '<link rel="self" href="http://x.example/"/>' + ENTRY.format("", 2))
    )
    (found,) = listen("/a/feed").found
    assert found.mention.url == f"{server.url}/a/p/2"


def test_the_base_of_one_entry_is_not_that_of_the_next(server, listen):
    entries = ENTRY.format(' xml:base="https://base.example/b/"', 2) + ENTRY.format("", 3)
    server.answers["/a/feed"] = Answer(ATOM.format("", entries))
    server.answers["/b/feed"] = Answer(ATOM.format(' xml:base="https://blog.example/en/"', entries))
    urls = [[found.mention.url for found in listen(path).found] for path in ("/a/feed", "/b/feed")]
    assert urls == [
        ["https://base.example/b/p/2", f"{server.url}/a/p/3"],
        ["https://base.example/b/p/2", "https://blog.example/en/p/3"],
    ]


def test_a_second_run_brings_only_what_is_new_or_changed(server, listen):
    server.answers["/a"] = Answer(a_feed(an_item(1), an_item(2)))
    first = listen("/a")
    server.answers["/a"] = Answer(a_feed(an_item(3), an_item(1, "Acme closes"), an_item(2)))
    assert titles(listen("/a", cursor=first.cursor)) == ["Acme opens", "Acme closes"]


def test_an_unchanged_feed_is_not_sent_twice(server, listen):
    marks = {"ETag": '"v1"', "Last-Modified": "Sun, 22 Nov 2026 10:00:00 GMT"}
    server.answers["/a"] = [Answer(a_feed(an_item(1)), headers=marks), Answer("", 304)]
    first = listen("/a")
    second = listen("/a", cursor=first.cursor)
    assert (second.found, second.cursor) == ([], first.cursor)
    assert server.requests[1].headers["if-none-match"] == '"v1"'
    assert server.requests[1].headers["if-modified-since"] == "Sun, 22 Nov 2026 10:00:00 GMT"


def test_a_new_brand_is_looked_for_in_an_unchanged_feed_too(server, listen):
    server.answers["/a"] = lambda request: (
        Answer("", 304)
        if "if-none-match" in request.headers
        else Answer(a_feed(an_item(1), an_item(2, "Beta wins")), headers={"ETag": "1"})
    )
    first = listen("/a")
    assert "Beta wins" in titles(listen("/a", cursor=first.cursor, brands=(Brand("Beta", ("beta",)),)))


def test_one_bad_feed_costs_nothing_of_the_others(server, listen):
    server.answers |= {
        "/a": Answer(a_feed(an_item(1))),
        "/bad": Answer("<html>no feed</html>"),
        "/gone": Answer("", 404),
        "/b": Answer(a_feed(an_item(2))),
    }
    fetched = listen("/a", "/bad", "/gone", "/b")
    assert len(fetched.found) == 2
    assert [trouble.split("/", 1)[1] for trouble in fetched.troubles] == [
        "bad answered with a web page instead of a feed",
        "gone has nothing there (404): check the address",
    ]
    server.answers["/bad"] = Answer(a_feed(an_item(3)))
    assert len(listen("/a", "/bad", "/gone", "/b", cursor=fetched.cursor).found) == 1


def test_a_feed_that_asked_for_patience_is_left_alone_while_the_others_are_read(server, listen):
    server.answers |= {"/a": Answer(a_feed(an_item(1))), "/busy": Answer("", 429, {"Retry-After": "3600"})}
    first = listen("/a", "/busy")
    second = listen("/a", "/busy", cursor=first.cursor, now=NOON + timedelta(minutes=15))
    assert len(server.asked("/busy")) == 1
    assert "429" in second.troubles[0]
    listen("/a", "/busy", cursor=second.cursor, now=NOON + timedelta(minutes=61))
    assert len(server.asked("/busy")) == 2


def test_patience_ends_when_the_clock_was_set_back(server, listen):
    server.answers |= {"/a": Answer(a_feed(an_item(1))), "/busy": Answer("", 429, {"Retry-After": "3600"})}
    first = listen("/a", "/busy")
    listen("/a", "/busy", cursor=first.cursor, now=NOON - timedelta(days=30))
    assert len(server.asked("/busy")) == 2


@pytest.mark.parametrize(
    ("item", "reason"),
    [("<item><guid>https://x/9</guid></item>", "it has neither title nor text")],
)
def test_a_bad_entry_is_refused_once_and_the_rest_taken(server, listen, item, reason):
    server.answers["/a"] = Answer(a_feed(an_item(1), item, an_item(2)))
    first = listen("/a")
    assert len(first.found) == 2
    assert [refused.reason for refused in first.rejected] == [reason]
    assert not listen("/a", cursor=first.cursor).rejected


def test_a_feed_cut_short_in_its_last_entry_gives_the_others(server, listen):
    server.answers["/a"] = Answer(a_feed(an_item(1), an_item(2))[:-120])
    assert listen("/a").found


@pytest.mark.parametrize("body", ["/etc/passwd", "http://127.0.0.1:1/", "", "{}", "just words"])
def test_what_is_no_feed_is_never_taken_for_the_name_of_one(server, listen, body):
    server.answers["/a"] = Answer(body)
    with pytest.raises(ListenerError, match="instead of a feed"):
        listen("/a")


def test_an_empty_feed_is_fine(server, listen):
    server.answers["/a"] = Answer(a_feed())
    assert not listen("/a").found


FAILURES = {
    "401": (Answer("", 401), True),
    "403": (Answer("", 403), True),
    "404": (Answer("", 404), True),
    "429": (Answer("", 429), False),
    "500": (Answer("", 500), False),
    "502": (Answer("", 502), False),
    "503": (Answer("", 503), False),
    "504": (Answer("", 504), False),
    "html": (Answer("<!doctype html><p>hello"), False),
    "cut": (Answer(a_feed(), manner="cut"), False),
    "hang": (Answer(manner="hang"), False),
}


@pytest.mark.parametrize(("answer", "permanent"), FAILURES.values(), ids=FAILURES)
def test_when_every_feed_fails_the_source_fails(server, listen, expect, answer, permanent):
    server.answers["/a"] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        listen("/a")
    assert (caught.value.source, caught.value.permanent) == ("rss", permanent)


@pytest.mark.parametrize(
    ("said", "seconds"), [("90", 90.0), ("Mon, 23 Nov 2026 12:01:00 GMT", 60.0), ("later", None), (None, None)]
)
def test_being_told_to_wait_is_passed_on(server, listen, said, seconds):
    headers = {"Retry-After": said, "Date": "Mon, 23 Nov 2026 12:00:00 GMT"} if said else {}
    server.answers["/a"] = Answer("", 503, headers)
    with pytest.raises(ListenerError) as caught:
        listen("/a")
    assert caught.value.retry_after == seconds


def test_a_token_in_a_feeds_address_is_in_no_error_and_no_cursor(server, listen):
    server.answers |= {"/a": Answer(a_feed(an_item(1))), "/b": Answer("", 403)}
    fetched = listen("/a?token=s3cret", "/b?token=s3cret")
    assert "s3cret" not in repr((fetched.troubles, fetched.cursor, fetched.found))


@pytest.mark.parametrize("said", ["https://x", [{"brand": "x"}], [3], [{"url": "https://x", "brand": 4}], [" "]])
def test_feeds_written_in_another_way_are_said_to_be(said):
    with pytest.raises(ListenerError, match="feeds are written as"):
        feeds({"feeds": said})
