"""What was drawn for a lead and is pressed by whoever that session is by then: an old page, a second tab, a replay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from analysis.scoring.scoring import SCORER
from dashboard.access import identity
from dashboard.runtime import open_runtime, use_runtime
from data import setup
from data.ingest import absorber
from data.models import Brand, Found, Mention
from data.people import links, people, rights
from data.people.rights import Role, Verb
from data.scores import layers, scorer
from data.scores.layers import Layer
from data.settings import Places
from data.spool.batches import drop
from data.spool.time_check import Belief
from tests.dashboard.setup_bench import MAIN, NOON

NAMES = {Role.LEAD: "Lea", Role.APPROVER: "Abe", Role.AGENT: "Ann", Role.VIEWER: "Vic"}


@pytest.fixture
def runtime(tmp_path):
    here = Places(tmp_path / "kept")
    setup.save_brands(here.setup, [Brand("Acme", ("Acme",))])
    opened = open_runtime(here, listen=False, clock=lambda: NOON)
    for loop in opened.loops.values():
        loop.stop()
    use_runtime(opened)
    said = [
        Mention(f"x:{n}", "x", "post", f"Acme kettle {n} leaks", NOON - timedelta(hours=n), author=f"author {n}")
        for n in range(1, 4)
    ]
    drop(here.incoming, "x", NOON, found=[Found(one) for one in said])
    list(absorber.absorb_waiting(opened.store, opened.judgement, here, opened.clock))
    scorer.score_waiting(opened.store, opened.judgement, opened.clock)
    yield opened
    use_runtime(None)
    opened.close()


@pytest.fixture
def become(runtime, monkeypatch):
    """Let the session be somebody's, as its cookie would say; the browser's tests use real ones."""
    first = rights.lead("founder")
    for role, name in NAMES.items():
        people.add(runtime.places, name, role, first)
    links.use(runtime.places, links.make(runtime.places, "Lea", first, NOON), "four words nobody says", NOON)

    def be(role):
        monkeypatch.setattr(identity, "logged_in", lambda: people.known(runtime.places).named(NAMES[role]))

    be(Role.LEAD)
    return be


def opened(path=None, **parts):
    page = AppTest.from_file(MAIN, default_timeout=500)
    if path:
        page.run()
        page.switch_page(path)
    page.query_params.update(parts)
    return page.run()


def labelled(page, label):
    return next(button for button in page.button if button.label == label)


def queue(key):
    return lambda _: opened().button(key=key).click()


def mute(_):
    page = opened()
    menu = page.menu_button(key="mute")
    return menu.click(menu.options[0])


def write_a_note(_):
    page = opened()
    page.text_area(key=page.session_state.triage_state.box(page.session_state.triage_state.chosen)).set_value("Mine")
    return page.button(key="note").click()


def label(_):
    return opened("judgement/page.py", part="Blind check").button(key="blind_1").click()


def let_a_candidate_count(runtime):
    layers.keep(runtime.store, Layer(0, SCORER, "Hearback", NOON, 61, {}), '{"lexicon": {}}')
    return opened("judgement/page.py", part="Teach").button(key="apply").click()


def stop_a_re_scoring(runtime):
    number = layers.keep(runtime.store, Layer(0, SCORER, "Hearback", NOON, 61, {}), '{"lexicon": {}}')
    layers.apply(runtime.store, number, SCORER, rights.OURSELVES, NOON)
    return opened("judgement/page.py", part="Teach").button(key="stop").click()


def take_in(_):
    page = opened("setup/page.py", part="Import")
    page.file_uploader[0].upload("a.csv", b"text,published_at\nAcme is new,2026-03-01T10:00:00Z\n", "text/csv")
    return page.run().button(key="import_take").click()


def add_a_brand(_):
    page = opened("setup/page.py", part="Brands")
    next(one for one in page.text_input if one.label == "Name").set_value("Zeta")
    return page.run().button(key="brand_save").click()


def erase(_):
    page = opened("setup/page.py", part="Erase")
    page.segmented_control(key="erase_kind").set_value("One mention").run()
    page.text_input(key="erase_mention").input("x:1")
    labelled(page, "Show what would go").click()
    return labelled(page.run(), "Erase for good").click()


def confirm_the_clock(runtime):
    runtime.time_check.latest = Belief(is_believed=False, says="The clock jumped.", asks=True)
    return labelled(opened(), "Confirm the time").click()


def add_a_person(_):
    page = opened("setup/page.py", part="People")
    page.text_input(key="person_name").set_value("Zoe")
    return labelled(page, "Add").click()


PRESSES = [
    *((Verb.TRIAGE, queue(key)) for key in ("resolve", "dismiss", "snooze", "claim", "judge_negative", "expect")),
    (Verb.TRIAGE, write_a_note),
    (Verb.MUTE, mute),
    (Verb.LABEL, label),
    (Verb.TRAIN, let_a_candidate_count),
    (Verb.TRAIN, stop_a_re_scoring),
    (Verb.IMPORT, take_in),
    (Verb.COLLECT, add_a_brand),
    (Verb.ERASE, erase),
    (Verb.CONFIRM_CLOCK, confirm_the_clock),
    (Verb.PEOPLE, add_a_person),
]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("verb", "press"), PRESSES)
def test_a_press_has_the_rights_of_whoever_makes_it(runtime, become, failed_parts, role, verb, press):
    pressed = press(runtime)
    become(role)
    before, changes = _kept(runtime.places), runtime.store.changes.copy()
    page = pressed.run()
    is_changed = _kept(runtime.places) != before or bool(runtime.store.changes - changes)
    assert is_changed is rights.may(role, verb)
    if not is_changed:
        assert f"may {verb.value}, and {NAMES[role]} is a" in _shown(page)
    assert not page.exception
    failed_parts.clear()


def _kept(places):
    return {
        str(path): path.read_bytes() for path in places.root.rglob("*")
        if path.is_file() and not path.name.startswith(places.store.name) and not path.name.endswith(".lock")
    }  # fmt: skip


def _shown(page):
    kinds = (page.text, page.info, page.warning, page.toast, page.error, page.caption)
    return "\n".join(element.value for kind in kinds for element in kind).replace("\\", "")


def test_every_verb_is_pressed_somewhere_or_has_no_button():
    by_no_button = {Verb.READ, Verb.APPROVE, Verb.EXPORT, Verb.BACK_UP, Verb.READ_AUDIT}
    assert {verb for verb, _ in PRESSES} | by_no_button == set(Verb)
