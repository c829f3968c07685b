"""Values that strangers wrote are put into words, whatever they are."""

from __future__ import annotations

import pytest

from dashboard.shared import words


@pytest.mark.parametrize(
    "address",
    [
        *("http://[::1", "http://[x]y]/", "http://[", "https://example.com:port/", "http://example.com:99999", "http:///x"),
        *("javascript:alert(1)", "data:text/html,x", "//example.com", "example.com", "", "   ", None),
        *("https://exa mple.com", "https://example.com/\x00", "https://example.com/\nx", "ftp://example.com"),
    ],
)  # fmt: skip
def test_what_a_browser_cannot_open_is_no_link(address):
    assert words.link(address) is None


@pytest.mark.parametrize(
    "address", ["https://example.com/1?a=b#c", "http://[::1]:8000/", "https://münchen.example/ß", "https://x.example:8"]
)
def test_an_address_of_the_web_is_a_link(address):
    assert words.link(f" {address} ") == address


@pytest.mark.parametrize(
    ("rating", "shown"),
    [
        *((2, "★★☆☆☆"), (4.6, "★★★★★"), (None, "")),
        *((-3, "☆☆☆☆☆"), (1e300, "★★★★★"), (float("nan"), "☆☆☆☆☆"), (float("inf"), "★★★★★")),
    ],
)
def test_stars_are_five_whatever_was_given(rating, shown):
    assert words.stars(rating) == shown
