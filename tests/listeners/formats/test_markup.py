"""What exports leave of HTML is undone, once, and nothing else of a text is touched."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from listeners.formats.markup import written


@pytest.mark.parametrize(
    ("exported", "said"),
    [
        ("The lid doesn&#39;t close &amp; leaks", "The lid doesn't close & leaks"),
        ("The lid doesn&#x27;t close", "The lid doesn't close"),
        ("It&rsquo;s late<br>and cold", "It\u2019s late\nand cold"),
        ("late<br/>cold<BR />wet</br>grey", "late\ncold\nwet\ngrey"),
        ("late<br />\ncold<br>\r\nwet", "late\ncold\nwet"),
        ("late &lt;br&gt; cold", "late \n cold"),
        ("It isn&amp;#39;t &amp;quot;new&amp;quot; &amp;amp; it leaks", 'It isn\'t "new" & it leaks'),
        ("<p>It leaks.</p><p>It <b>really</b> does.</p>", "It leaks.\n\nIt really does."),
        ("see <a href='https://shop.example/x'>the shop</a>", "see the shop"),
        ("&gt; leaks?\nyes", "> leaks?\nyes"),
        ("no&nbsp;way&nbsp;", "no\u00a0way"),
        ("&#128078;", "\U0001f44e"),
        ("&nbsp;", ""),
    ],
)
def test_entities_and_breaks_are_undone(exported, said):
    assert written(exported) == said


@pytest.mark.parametrize(
    "text",
    [
        "Salt & Pepper, R&D; Q&A; B&B",
        "I <3 it, it is > 5 and < 9",
        "if a < b && c > d: return a&b",
        "https://shop.example/?a=1&copy=2&lang=en&reg=3",
        "a List<b> of <i> and <unknown>",
        "<b> opens and nothing closes",
        "&nosuchname; and &;",
        "  kept  as it is\n",
        "",
    ],
)
def test_what_is_no_markup_stays(text):
    assert written(text) == text


@given(some.text(some.characters(exclude_characters="&<"), max_size=60))
def test_a_text_without_markup_is_the_same(text):
    assert written(text) == text


@pytest.mark.parametrize("piece", ["<br ", "&amp;", "<p", "< ", "<b></b>", "&#", "<p> </p>", " \t"])
def test_a_hostile_text_takes_no_longer_than_its_length(piece):
    started = time.process_time()
    written("<>&" + piece * 100_000)
    assert time.process_time() - started < 5
