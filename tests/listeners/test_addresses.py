"""Strangers' addresses: whatever they write, it is taken apart or told apart, and no listener stops at it."""

from __future__ import annotations

import json

import feedparser
import pytest

from dashboard.http.origins import host_name
from dashboard.setup import source_entry
from dashboard.shared import words
from data.models import HearbackError
from listeners import addresses
from listeners.base import ListenerError
from listeners.formats import feed_entries
from listeners.http.web import address
from listeners.importing import imports
from listeners.sources import product_page
from tests.data.builders import NOON
from tests.listeners.servers.server import Answer

NO_ADDRESSES = [
    "http://[::1", "http://[x]y]/", "https://[", "//[", "http://]", "http://[not-an-ip]/",
    "http://[v1.x/", "http://host:port/", "http://host:99999/", "http://host:-1/", "http://ａ.example\u2100/",
    "http://[fe80::1%]extra", "https://user@[::1/path",
]  # fmt: skip


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_what_is_no_address_has_no_parts_and_no_page(url):
    assert addresses.split(url) == addresses.NONE
    assert not addresses.is_page(url)
    assert words.link(url) is None
    assert host_name(url.partition("//")[2]) is None


@pytest.mark.parametrize(
    "url", ["https://example.com/a?b#c", "http://[::1]:8501/", "HTTPS://EXAMPLE.com", "http://é.example/"]
)
def test_an_address_is_taken_apart(url):
    assert addresses.split(url).hostname
    assert addresses.is_page(url)


def test_a_link_is_made_whole_or_is_none():
    assert addresses.joined("https://example.com/a/", "b") == "https://example.com/a/b"
    assert addresses.joined("https://example.com/", "https://[") is None
    assert addresses.joined("http://[::1", "/a") is None


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_no_feed_no_page_and_no_import_stops_at_it(url, tmp_path):
    document = feedparser.parse(f"<rss><channel><item><title>a</title><link>{url}</link></item></channel></rss>")
    [entry] = feed_entries.with_whole_links(document, url)
    assert isinstance(entry["link"], str)
    assert address(url) == "the address"
    with pytest.raises(ListenerError, match="is no page: begin with https://"):
        product_page.pages({"pages": [url]})
    with pytest.raises(HearbackError, match="Give the feed's whole address"):
        source_entry.add_feed([], url, None)
    rows = [{"id": n, "text": f"acme {n}", "created_at": "2026-11-20T10:00:00Z", "url": url} for n in (1, 2)]
    file = tmp_path / "posts.json"
    file.write_text(json.dumps(rows))
    content = imports.read_whole(file, NOON, imports.Instructions(source="test", brand="Acme"))
    assert len(list(content["found"])) == 2


def test_a_redirect_to_no_address_is_an_error_in_a_sentence(server, web):
    server.answers["/a"] = Answer("", status=302, headers={"Location": "http://[::1"})
    with pytest.raises(ListenerError, match="sends us on to what is no address"):
        web.fetch("test", f"{server.url}/a")
