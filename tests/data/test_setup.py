"""setup.toml, whatever lies there: a setup, or one sentence that says what to mend."""

from __future__ import annotations

import time

import pytest

from data import setup
from data.models import Brand, HearbackError
from tests.odd_things import ODD

BRAND = '[[brand]]\nname = "Acme"\n'
BROKEN = {
    "nothing": ("", "is empty"),
    "only spaces": ("  \n", "is empty"),
    "lists in lists": (f"{BRAND}x = {'[' * 50_000}{']' * 50_000}", "too deeply"),
    "tables in tables": (f"{BRAND}x = {'{a=' * 3_000}1{'}' * 3_000}", "too deeply"),
    "a name of many parts": (f"{'.'.join('a' * 500_000)} = 1\n", "too deeply"),
    "a table of many parts": (f"[{' . '.join(['a-1'] * 200_000)}]\n", "too deeply"),
    "a quoted name of many parts": (f"x = {{ {'.'.join([chr(34) + 'a' + chr(34)] * 200_000)} = 1 }}\n", "too deeply"),
    "NUL in a name": ('[[brand]]\nname = "Ac\\u0000me"\n', "NUL"),
    "NUL in a term": ('[[brand]]\nname = "Acme"\nterms = ["a\\u0000b"]\n', "NUL"),
    "NUL in an option": (f'{BRAND}[sources.rss]\nfeeds = ["https://a.test/\\u0000"]\n', "NUL"),
    "NUL in a key": (f'{BRAND}[sources."r\\u0000ss"]\non = true\n', "NUL"),
    "a number of 5,000 digits": (f"{BRAND}[sources.rss]\nevery_minutes = {'9' * 5_000}\n", "digits"),
    "a number of 5,000 hexadecimal digits": (f"{BRAND}[sources.rss]\nevery_minutes = 0x{'f' * 5_000}\n", "range"),
    "hours without end": (f"{BRAND}reply_within_hours = nan\n", "reply_within_hours"),
    "sources a number": ("sources = 1\n", "[sources.NAME]"),
    "an endless name twice": (2 * f'[[brand]]\nname = "{"a" * 100_000}"\n', "twice"),
    "an endless name with a slip": (f'[[brand]]\nname = "{"a" * 100_000}"\nterms = 1\n', "list of words"),
    "an endless text for a number": (f'{BRAND}reply_within_hours = "{"a" * 100_000}"\n', "reply_within_hours"),
    "an endless key twice": (2 * f"{'a' * 100_000} = 1\n", "line 2"),
    "a brand a text": ('brand = "Acme"\n', "[[brand]]"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_no_setup_is_told_in_a_sentence(tmp_path, what):
    text, says = BROKEN[what]
    (tmp_path / "setup.toml").write_text(text, encoding="utf-8")
    with pytest.raises(HearbackError) as told:
        setup.load(tmp_path / "setup.toml")
    assert says in str(told.value)
    assert "\x00" not in str(told.value)
    assert len(str(told.value)) < 500


def test_very_many_brands_take_no_longer_than_they_must():
    began = time.process_time()
    assert len(setup.parse("".join(f'[[brand]]\nname = "Acme {n}"\n' for n in range(30_000))).brands) == 30_000
    assert time.process_time() - began < 15


@pytest.mark.parametrize("content", [bytes(range(128, 256)), BRAND.encode("utf-16"), b"#" * (setup.LARGEST + 1)])
def test_what_is_no_text_or_too_large_is_told_too(tmp_path, content):
    (tmp_path / "setup.toml").write_bytes(content)
    with pytest.raises(HearbackError, match=r"setup\.toml cannot be read"):
        setup.load(tmp_path / "setup.toml")


@pytest.mark.parametrize("odd", [name for name in ODD if name != "a link outside"])
def test_what_is_no_file_is_told_and_nobody_is_waited_for(tmp_path, odd):
    path = tmp_path / "kept" / "setup.toml"
    path.parent.mkdir()
    ODD[odd](path)
    with pytest.raises(HearbackError, match="Move it away"):
        setup.load(path)
    with pytest.raises(HearbackError):
        setup.save_brands(path, [Brand("Acme", ("acme",))])


def test_a_link_to_a_setup_is_followed(tmp_path):
    (tmp_path / "mine.toml").write_text(BRAND, encoding="utf-8")
    (tmp_path / "setup.toml").symlink_to(tmp_path / "mine.toml")
    assert [brand.name for brand in setup.load(tmp_path / "setup.toml").brands] == ["Acme"]


def test_nothing_is_written_that_could_not_be_read_back(tmp_path, monkeypatch):
    monkeypatch.setattr(setup, "LARGEST", 2_000)
    path = tmp_path / "setup.toml"
    setup.save_brands(path, [Brand("Acme", ("acme",))])
    before = path.read_bytes()
    for brand in (Brand("Ac\x00me", ("acme",)), Brand("Acme", ("a" * setup.LARGEST,))):
        with pytest.raises(HearbackError):
            setup.save_brands(path, [brand])
        assert path.read_bytes() == before
