"""One working day in a real browser: from nothing to a worked queue, by keyboard."""

from __future__ import annotations

import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, App, until

pytestmark = pytest.mark.timeout(1800)
DEMO = Path(os.environ.get("HEARBACK_SHARED") or ROOT.parent / "shared") / "data/demo/A_gplay_kids_cards.parquet"


def chosen(page: Page) -> str | None:
    """The id of the chosen row; the list lives in a shadow root, which Playwright's selectors pierce."""
    row = page.locator("button.row[aria-selected=true]")
    return row.get_attribute("data-id") if row.count() else None


def beside(page: Page) -> str | None:
    """The id of the mention whose detail is shown, by the name of its box; None while two are, or none."""
    boxes = {f"st-key-words_{zlib.crc32(row.encode()):08x}_": row for row in shown(page)}
    there = page.locator("[class*='st-key-words_']").evaluate_all("boxes => boxes.map((box) => box.className)")
    found = [row for box, row in boxes.items() for name in there if box in name]
    return found[0] if len(there) == 1 and found else None


def hears(page: Page) -> bool:
    """Whether verbs count again: for a moment after a mention came by itself they do not."""
    return page.locator(".list[data-held]").count() == 0


def shown(page: Page) -> list[str]:
    """The ids of the rows in the list."""
    return page.locator("button.row").evaluate_all("rows => rows.map((row) => row.dataset.id)")


def points(page: Page) -> list[int]:
    """The points of the rows in the list, without the sign of the mood, which stands in the same box."""
    boxes = page.locator("button.row .points")
    return boxes.evaluate_all("boxes => boxes.map((box) => Number(box.firstChild.data))")


def press(page: Page, key: str) -> str:
    """Press a key and wait until another mention is chosen and its detail stands beside the list; return its id."""
    until(lambda: hears(page), "what came by itself can have been read")
    before = chosen(page)
    page.keyboard.press(key)

    def there() -> str | None:
        now = chosen(page)
        return now if now and now != before and beside(page) == now else None

    return str(until(there, f"{key} chooses another mention"))


def tab(page: Page, name: str, count: int) -> None:
    expect(page.get_by_role("radio", name=f"{name} {count:,}")).to_be_visible()


def queue(page: Page) -> None:
    expect(page.locator("button.row").first).to_be_visible()
    until(lambda: chosen(page), "a mention is chosen")


def write(page: Page, text: str, key: str) -> None:
    """Go to the box with a key, write, leave it, and press the key again."""
    box = page.locator("textarea")
    until(lambda: box.count() == 1 and box.input_value() == "", "an empty box stands ready")
    page.keyboard.press(key)
    expect(box).to_be_focused()
    page.keyboard.type(text)
    page.keyboard.press("Escape")
    page.keyboard.press(key)


def test_a_day_at_the_queue(app: App, visit):
    until(lambda: app.figure("open") > 50 and app.figure("unscored") == 0, "the sample fills the queue")
    opened, written = app.figure("open"), app.figure("actions")
    page = visit(f"{app.address}/?me=Ana")
    queue(page)
    expect(page.get_by_text("Every brand, person and mention here is fictional.")).to_be_visible()
    tab(page, "Open", opened)
    inks = page.get_by_role("radio").evaluate_all("radios => radios.map(radio => getComputedStyle(radio).color)")
    assert len(set(inks)) == 1, "the chosen tab is told by its frame and weight; the theme's blue would be too dim"

    first = chosen(page)
    assert press(page, "j") != first
    assert press(page, "k") == first

    page.keyboard.press("a")
    tab(page, "Mine", 1)
    write(page, "Asked the depot about this one", "n")
    expect(page.locator(".st-key-history").get_by_text("Asked the depot about this one")).to_have_count(1)
    assert chosen(page) == first

    write(page, "Sorry about that; it is mended.", "m")
    second = str(until(lambda: (now := chosen(page)) != first and now, "the next mention comes by itself"))
    tab(page, "Open", opened - 1)

    third = press(page, "e")
    tab(page, "Open", opened - 2)
    assert press(page, "u") == second
    tab(page, "Open", opened - 1)
    assert third != second
    assert app.figure("actions") == written + 5  # claim, note, reply, resolve, undo, and nothing besides

    _another_hand_on_the_same_mention(app, visit, page, second)
    _the_demo_file_takes_the_samples_place(app, page)


def test_keys_pressed_before_the_answer_came_hold_for_what_was_marked(app: App, visit):
    until(lambda: app.figure("open") > 50 and app.figure("unscored") == 0, "the sample fills the queue")
    opened = app.figure("open")
    page = visit(f"{app.address}/?me=Ana")
    queue(page)
    expect(page.get_by_role("button", name="Resolve")).to_have_count(1)
    rows = shown(page)
    for step in range(1, 6):  # with an answer between each, which draws the list anew
        page.keyboard.press("j")
        until(lambda: beside(page) == rows[step], "one key is one step")  # noqa: B023
        assert chosen(page) == rows[step]
    for _ in range(5):
        page.keyboard.press("k")
    until(lambda: beside(page) == rows[0], "back at the first")
    for key in "jjjke":
        page.keyboard.press(key)  # no waiting: the first answer has not come when the last key is pressed
    tab(page, "Open", opened - 1)
    expect(page.locator(f'button.row[data-id="{rows[2]}"]')).to_have_count(0)
    expect(page.locator(f'button.row[data-id="{rows[1]}"]')).to_have_count(1)
    until(lambda: chosen(page) == rows[3], "what followed it is chosen")
    page.keyboard.press("u")
    tab(page, "Open", opened)
    until(lambda: chosen(page) == rows[2], "it is back, and chosen")


def test_the_key_for_the_next_turns_the_page_at_the_end_of_the_list(app: App, visit):
    until(lambda: app.figure("open") > 50 and app.figure("unscored") == 0, "the sample fills the queue")
    page = visit(f"{app.address}/?me=Ana")
    queue(page)
    expect(page.get_by_role("button", name="Resolve")).to_have_count(1)
    rows = shown(page)
    for _ in rows:
        page.keyboard.press("j")
    page.wait_for_url("**page=2**")
    until(lambda: (now := chosen(page)) and now not in rows, "the second page's first is chosen")
    page = visit(f"{app.address}/?me=Ana&source=reddit")  # a source by its code: some fifty of its mentions are open
    page.wait_for_url("**source=Reddit**")
    queue(page)
    page.get_by_test_id("stPagination").get_by_text("2", exact=True).click()  # shown, although there are few pages
    page.wait_for_url("**page=2**")


def _another_hand_on_the_same_mention(app: App, visit, ana: Page, mention: str) -> None:
    ben = visit(f"{app.address}/?me=Ben")
    queue(ben)
    ben.locator(f'button.row[data-id="{mention}"]').click()
    until(lambda: beside(ben) == mention, "Ben looks at the same mention")
    expect(ben.get_by_role("button", name="Resolve")).to_have_count(1)
    before = app.figure("actions")
    until(lambda: hears(ana), "Ana has read it")
    ana.keyboard.press("x")
    until(lambda: app.figure("actions") == before + 1, "Ana's decision is written")
    ben.keyboard.press("e")
    expect(ben.get_by_text("Ana set it aside as not relevant").first).to_be_visible()
    assert app.figure("actions") == before + 1


def _the_demo_file_takes_the_samples_place(app: App, page: Page) -> None:
    if not DEMO.exists():
        pytest.skip("needs ../shared/data/demo")
    fictional = set(shown(page))
    environment = os.environ | {"HEARBACK_DATA": str(app.folder)}
    command = [sys.executable, "-m", "listeners", "import", str(DEMO)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    until(
        lambda: app.figure("mentions") == 12_650 and app.figure("unscored") == 0, "the demo file is taken in and scored"
    )
    expect(page.get_by_text("is fictional")).to_have_count(0)
    tab(page, "Open", app.figure("open"))
    page.get_by_role("radio", name=f"Old {app.figure('old'):,}").click()  # its reviews are of years ago
    until(lambda: shown(page) and not fictional & set(shown(page)), "the file's mentions fill the list")
    ranked = points(page)
    assert ranked == sorted(ranked, reverse=True)
    assert Path(app.folder / "setup.toml").read_text().count("[[brand]]") == 4
