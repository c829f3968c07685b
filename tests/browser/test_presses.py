"""One press, one mention: double clicks, held keys, keys pressed too soon; and drafts that outlive a reload."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, free_port, until
from tests.browser.test_journey import beside, chosen, hears, press, queue, shown

pytestmark = pytest.mark.timeout(1800)
SETTLED = 450  # ms in which a second press would have been answered


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """One app for all of these tests, each of which counts from what it finds."""
    running = App(tmp_path_factory.mktemp("presses") / "data", free_port())
    running.start()
    yield running
    running.stop()


@pytest.fixture
def page(app: App, visit) -> Page:
    until(lambda: app.figure("open") > 50 and app.figure("unscored") == 0, "the sample fills the queue")
    page = visit(f"{app.address}/?me=Ana")
    ready(page)
    return page


def ready(page: Page) -> None:
    queue(page)
    expect(page.get_by_role("button", name="Resolve")).to_have_count(1)
    until(lambda: beside(page) == chosen(page), "its detail stands beside the list")


def rest(page: Page) -> None:
    """Wait until all that was pressed is answered."""
    page.wait_for_function("() => !document.querySelector('[data-test-script-state=running]')")
    page.wait_for_timeout(SETTLED)
    until(lambda: hears(page), "verbs count again")


def written(app: App, before: int, count: int) -> None:
    until(lambda: app.figure("actions") >= before + count, f"{count} written")
    assert app.figure("actions") == before + count


@pytest.mark.parametrize("gap", [80, 250])
def test_a_double_click_takes_one_mention(app: App, page: Page, gap: int):
    for verb in ("Resolve", "Not relevant", "Snooze"):
        before, first = app.figure("actions"), chosen(page)
        box = page.get_by_role("button", name=verb).first.bounding_box()
        at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.click(*at)
        page.wait_for_timeout(gap)
        page.mouse.click(*at)
        until(lambda: chosen(page) != first and beside(page) == chosen(page), f"{verb} moves on")  # noqa: B023
        rest(page)
        written(app, before, 1)


def test_a_held_key_takes_one_mention_and_a_held_undo_one_step_back(app: App, page: Page):
    for key in "exs":
        before, first = app.figure("actions"), chosen(page)
        _hold(page, key)
        until(lambda: chosen(page) != first and beside(page) == chosen(page), f"{key} moves on")  # noqa: B023
        rest(page)
        written(app, before, 1)
    before = app.figure("actions")
    _hold(page, "u")
    rest(page)
    written(app, before, 1)
    for key in "a1y":  # what leaves the mention where it is
        before = app.figure("actions")
        _hold(page, key)
        rest(page)
        written(app, before, 1)


def _hold(page: Page, key: str) -> None:
    """Hold a key for 1.5 s, as a keyboard does: the first press, half a second later 30 more a second."""
    page.keyboard.down(key)
    page.wait_for_timeout(500)
    for _ in range(30):
        page.keyboard.down(key)  # without a release between them they are repeats
        page.wait_for_timeout(33)
    page.keyboard.up(key)


def test_a_held_return_on_a_button_takes_one_mention(app: App, page: Page):
    before = app.figure("actions")
    page.get_by_role("button", name="Resolve").focus()
    _hold(page, "Enter")
    rest(page)
    written(app, before, 1)


def test_deliberate_work_stays_quick(app: App, page: Page):
    before, rows = app.figure("actions"), shown(page)
    for number in range(3):
        assert press(page, "e") == rows[number + 1]
    written(app, before, 3)
    until(lambda: hears(page), "the last one is read")
    for key in "jjej1e":  # whoever goes to a row has chosen it: nothing is waited for
        page.keyboard.press(key)
    written(app, before, 6)
    rest(page)
    left = shown(page)
    assert rows[3] in left and rows[4] in left
    assert rows[5] not in left and rows[6] not in left


def test_a_slip_can_be_taken_back_at_once_and_only_once(app: App, page: Page):
    before, first = app.figure("actions"), chosen(page)
    page.keyboard.press("e")
    page.keyboard.press("u")
    page.keyboard.press("u")
    until(lambda: app.figure("actions") == before + 2, "resolved and taken back")
    until(lambda: beside(page) == first, "it is back")
    rest(page)
    written(app, before, 2)
    assert "tab=None" not in page.url


def test_a_draft_outlives_a_reload_until_it_is_used_up(app: App, page: Page):
    first, text = chosen(page), "Dear Kim, we are at it\nand come back tomorrow"
    page.locator("textarea").fill(text)
    page.reload()
    ready(page)
    assert chosen(page) == first
    expect(page.locator("textarea")).to_have_value(text)
    before = app.figure("actions")
    page.get_by_role("button", name="Note", exact=False).last.click()
    written(app, before, 1)
    expect(page.locator(".st-key-history").get_by_text("and come back tomorrow")).to_have_count(1)
    page.reload()
    ready(page)
    expect(page.locator("textarea")).to_have_value("")
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.includes('draft'))") == []


def test_a_draft_goes_with_its_mention(app: App, page: Page):
    page.evaluate("""() => sessionStorage.setItem("hearback:draft:reddit:gone", '{"text": "Dear Kim", "used": 0}')""")
    page.reload()
    ready(page)
    until(lambda: page.evaluate("sessionStorage.length") == 0, "the draft is gone")


TYPED_AND_PRESSED = """([key, text]) => {
    const area = document.querySelector("textarea");
    area.focus();
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, text);
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.blur();
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));
}"""


def test_a_key_that_goes_to_the_box_and_is_pressed_again_at_once_takes_what_stands_there(app: App, page: Page):
    rest(page)
    page.keyboard.press("n")
    expect(page.locator("textarea")).to_be_focused()
    page.evaluate(TYPED_AND_PRESSED, ["n", "Asked the depot"])
    expect(page.locator(".st-key-history").get_by_text("Asked the depot")).to_have_count(1)
    first, box = chosen(page), page.locator("textarea")
    until(lambda: box.count() == 1 and box.input_value() == "", "the used box is gone and an empty one stands there")
    page.keyboard.press("m")
    expect(box).to_be_focused()
    page.evaluate(TYPED_AND_PRESSED, ["m", "Sorry; it is mended."])
    until(lambda: chosen(page) != first, "the reply is written down and the next mention comes")
