"""The Sources page: what it says of each source, of what waits, and of what could not be taken in."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis import ranking
from analysis.scoring import scoring
from dashboard.runtime import Runtime, use_runtime
from dashboard.runtime import runtime as current
from dashboard.shared import frame, pulse
from dashboard.shared.source_state import Mark, needed, reason_off, sentence, states, task
from dashboard.sources import backup_state, quarantine, source_list
from data import setup
from data.ingest import absorber
from data.loops import Loop
from data.models import Brand, Gap, Rejected, Run
from data.scores.scorer import Judgement
from data.settings import VERSION, Places
from data.setup import Setup
from data.spool.batches import drop
from data.store.store import Store
from listeners.base import Listener, Policy, Setting
from listeners.registry import LISTENERS
from listeners.schedule.runs import why_off

CSS = Path(frame.__file__).with_name("page.css")
MAIN = str(Path(__file__).parents[3] / "dashboard" / "main.py")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ACME = Brand("Acme", ("Acme",))
HOSTILE = "<script>alert(1)</script> **bold** [x](javascript:alert(1)) \u202egnorw \x1b[31m"


@dataclass
class Source(Listener):
    """A source of no platform."""

    source: str = "hackernews"
    approval: str | None = None
    secrets: tuple[str, ...] = ()
    every: timedelta = timedelta(minutes=5)

    @property
    def policy(self):
        needs = (Setting("feeds", "Feeds", needed=True),) if self.source == "rss" else ()
        return Policy(
            "Some Site", True, "-", "-", date(2026, 1, 1), "https://example.com", self.approval, self.secrets,
            settings=needs,
        )  # fmt: skip

    def listen(self, brands, options, cursor, now):
        raise NotImplementedError


def visited(minutes_ago=1, *, source="hackernews", next_in=4, **more):
    """What the store says of a source's visits."""
    at = NOON - timedelta(minutes=minutes_ago)
    facts = {
        "source": source, "last_run_at": at, "last_success_at": at, "next_run_at": NOON + timedelta(minutes=next_in),
        "new_at_last_run": 3, "new_in_all": 1204, "error": "", "permanent": False, "gaps": [], "runs": 2,
    }  # fmt: skip
    return facts | more


def state(listener=None, options=None, runs=(), brands=(ACME,), *, runs_here=True):
    listener = listener or Source()
    listed = Setup(tuple(brands), {listener.source: options or {}})
    return states([listener], listed, runs, NOON, runs_here=runs_here)[0]


# How a source stands


def test_a_source_that_goes_well_is_listened_to_and_says_when_and_what():
    shown = state(runs=[visited()])
    assert shown.mark is Mark.LISTENING
    assert (shown.last_run, shown.next_run) == ("1 min ago", "in 4 min")
    assert (shown.new_at_last_run, shown.new_in_all, shown.why, shown.error) == (3, 1204, "", "")


def test_a_source_that_was_never_visited_says_that_it_soon_will_be():
    shown = state()
    assert shown.mark is Mark.STARTING
    assert shown.why == "Its first visit comes within seconds."
    assert (shown.last_run, shown.next_run) == ("never", "soon")


def test_without_a_listeners_process_here_it_says_how_to_start_one():
    assert "python -m listeners" in state(runs_here=False).why


def test_a_failing_source_is_in_trouble_and_says_when_it_last_went_well():
    shown = state(runs=[visited(error="example.com gave us 503", last_success_at=NOON - timedelta(hours=2))])
    assert shown.mark is Mark.TROUBLE
    assert shown.error == "Example.com gave us 503."
    assert shown.why == "The last visit without trouble was 2 h ago."


def test_what_only_a_person_can_mend_needs_you():
    shown = state(runs=[visited(error="the key is refused", permanent=True, last_success_at=None)])
    assert (shown.mark, shown.why) == (Mark.NEEDS_YOU, "No visit has gone well yet.")


def test_a_source_that_missed_its_visit_is_silent():
    shown = state(runs=[visited(60, next_in=-30)])
    assert shown.mark is Mark.SILENT
    assert shown.why.startswith("Its next visit was due 30 min ago.")
    assert shown.next_run == "was due 30 min ago"


def test_a_visit_that_is_due_this_moment_is_not_called_late():
    assert state(runs=[visited(5, next_in=-1)]).next_run == "any moment"
    assert state(runs=[visited(5, next_in=0.5)]).next_run == "any moment"


def test_an_error_of_a_source_that_is_off_is_no_longer_shown():
    shown = state(options={"on": False}, runs=[visited(error="gone")])
    assert (shown.mark, shown.error, shown.next_run) == (Mark.OFF, "", "\N{EN DASH}")


def test_a_source_with_nothing_to_listen_for_waits():
    assert state(brands=()).mark is Mark.WAITING
    assert state(Source("rss")).why == "Feeds: none yet. Set it under Setup, Sources."


def test_without_approval_it_names_the_approval_and_the_secrets_that_are_missing(monkeypatch):
    monkeypatch.delenv("SOME_KEY", raising=False)
    shown = state(Source(approval="their written approval", secrets=("SOME_KEY",)))
    assert shown.mark is Mark.OFF
    assert shown.why == (
        "Off until you hold their written approval. It needs SOME_KEY in the environment or in .streamlit/secrets.toml."
    )


def test_a_secret_that_is_set_is_neither_missing_nor_shown(monkeypatch):
    monkeypatch.setenv("SOME_KEY", "a-value-nobody-may-see")
    shown = state(Source(secrets=("SOME_KEY",)))
    assert shown.mark is Mark.STARTING
    assert "a-value" not in repr(shown)


def test_switched_on_without_approval_or_secret_or_with_a_bad_interval_it_needs_you(monkeypatch):
    monkeypatch.delenv("SOME_KEY", raising=False)
    assert state(Source(approval="their approval"), {"on": True}).mark is Mark.NEEDS_YOU
    assert "SOME_KEY" in state(Source(secrets=("SOME_KEY",))).why
    assert state(options={"every_minutes": "often"}).why.startswith("How often it is to be visited cannot be read")


def test_what_a_person_must_do_is_said_once(monkeypatch):
    monkeypatch.delenv("SOME_KEY", raising=False)
    refused = visited(error="Some Site needs SOME_KEY in the environment", permanent=True)
    shown = state(Source(secrets=("SOME_KEY",)), runs=[refused])
    assert (shown.error, shown.why) == ("", "It needs SOME_KEY in the environment or in .streamlit/secrets.toml.")
    monkeypatch.setenv("SOME_KEY", "x")
    assert state(Source(secrets=("SOME_KEY",)), runs=[refused]).error == "Some Site needs SOME_KEY in the environment."
    failed = visited(error="cut off")
    assert state(Source(secrets=("OTHER_KEY",)), runs=[failed]).error == "Cut off.", "that is another thing"


def test_when_setup_toml_is_broken_nothing_is_claimed():
    shown = states([Source()], None, [visited()], NOON, runs_here=True)[0]
    assert (shown.mark, shown.last_run) == (Mark.UNCLEAR, "1 min ago")
    assert states([Source()], None, [], NOON, runs_here=True)[0].next_run == "\N{EN DASH}"


@pytest.mark.parametrize("brands", [(), (ACME,)])
@pytest.mark.parametrize("options", [{}, {"on": True}, {"on": False}, {"approved": "Ada, 2 March 2026"}])
@pytest.mark.parametrize("listener", LISTENERS, ids=lambda listener: listener.source)
def test_the_page_and_the_listeners_agree_on_what_is_off(listener, options, brands):
    asked = task(listener, Setup(tuple(brands), {listener.source: options}))
    assert (reason_off(asked) is None) == (why_off(asked) is None)


def test_a_source_that_is_on_says_what_it_needs_only_when_something_is_missing(monkeypatch):
    monkeypatch.setenv("REDDIT_CLIENT_ID", "x")
    monkeypatch.setenv("REDDIT_CLIENT_SECRET", "x")
    reddit = next(one for one in LISTENERS if one.source == "reddit")
    approved = {"on": True, "approved": "Ada, 2 March 2026"}
    assert needed(task(reddit, Setup((ACME,), {"reddit": approved}))) is None
    assert "Confirm" in needed(task(reddit, Setup((ACME,), {"reddit": {"on": True}})))


def test_sources_that_rest_come_last():
    shown = states([Source("rss"), Source()], Setup((ACME,)), [], NOON, runs_here=True)
    assert [one.source for one in shown] == ["hackernews", "rss"]


# What should be known of it


def known(*concerns, **money):
    return {"concerns": [{"kind": kind, "says": says, "broken": False} for kind, says in concerns], **money}


def told(known_of_it, options=None, **run):
    listener = Source()
    listed = Setup((ACME,), {listener.source: options or {}})
    runs = [visited(**run)]
    [shown] = states([listener], listed, runs, NOON, runs_here=True, known={listener.source: known_of_it})
    return shown


def test_a_source_that_fell_silent_or_behind_is_marked_so_and_says_why():
    shown = told(known(("silent", "Nothing new for 3 days."), ("budget", "$45 are spent.")))
    assert (shown.mark, shown.why) == (Mark.SILENT, "Nothing new for 3 days.\n$45 are spent.")
    assert told(known(("silent", "-"), ("behind", "-"))).mark is Mark.BEHIND
    assert told(known(("budget", "-"))).mark is Mark.LISTENING
    assert told(known(("silent", "-")), error="down").mark is Mark.TROUBLE, "what is worse stands first"


def test_credentials_that_end_are_told_and_those_that_ended_need_a_person():
    ending = known(("credentials", "They end tomorrow."))
    assert (told(ending).mark, told(ending).why) == (Mark.LISTENING, "They end tomorrow.")
    ended = {"concerns": [{"kind": "credentials", "says": "They ended.", "broken": True}]}
    assert (told(ended).mark, told(ended).why) == (Mark.NEEDS_YOU, "They ended.")
    assert told(ended, error="401").mark is Mark.NEEDS_YOU, "what is worse stands first"


def test_what_the_line_says_anyway_is_not_said_twice():
    assert told(known(("refused", "R"), ("late", "L"), ("gap", "G"))).why == ""


def test_a_source_that_is_off_shows_no_concern_but_what_it_spent():
    shown = told(known(("silent", "-"), spent=3.2, cap=50.0), {"on": False})
    assert (shown.mark, shown.why) == (Mark.OFF, "Switched off under Setup, Sources.")
    assert shown.spent == "$3.20 of $50.00 spent this month."
    assert told(known(spent=3.2, cap=None)).spent == "$3.20 spent this month."
    assert told(known()).spent == ""
    assert told(known(("budget", "$45 are spent."), spent=45.0, cap=50.0)).spent == "", "it is said already"


def test_what_is_to_be_looked_at_comes_first():
    listed = Setup((ACME,), {"rss": {"feeds": ["x"]}})
    known_of_it = {"rss": known(("silent", "-"))}
    runs = [visited(), visited(source="rss")]
    shown = states([Source(), Source("rss")], listed, runs, NOON, runs_here=True, known=known_of_it)
    assert [one.source for one in shown] == ["rss", "hackernews"]


def test_words_become_a_sentence():
    assert [sentence(said) for said in ("it failed", "Done.", "", "  why? ")] == ["It failed.", "Done.", "", "Why?"]


# What did not go in


def test_reasons_that_differ_only_in_ids_and_times_are_counted_as_one():
    reasons = [*(f"the id x:{n} stands on an earlier line" for n in range(3)), "not UTF-8", "no text"]
    assert quarantine.kinds([{"reason": reason} for reason in reasons]) == [
        ("the id \N{HORIZONTAL ELLIPSIS} stands on an earlier line", 3),
        ("not UTF-8", 1),
        ("no text", 1),
    ]


def test_quarantined_batches_are_listed_with_size_and_reason_folders_too(tmp_path):
    (tmp_path / "reddit-1.jsonl.rejected").write_bytes(b"x" * 2_500)
    (tmp_path / "rss-2.jsonl.rejected").mkdir()
    (tmp_path / "rss-3.jsonl").write_text("waits")
    aside = quarantine.quarantined_batches(tmp_path, [{"file": "reddit-1.jsonl", "line": 0, "reason": "cut in half"}])
    assert {(one.file, one.size, one.why) for one in aside} == {
        ("reddit-1.jsonl.rejected", "2 kB", "cut in half"),
        ("rss-2.jsonl.rejected", "a folder", ""),
    }


def test_no_folder_yet_means_no_quarantined_batch(tmp_path):
    assert quarantine.quarantined_batches(tmp_path / "incoming", []) == []


@pytest.mark.parametrize(("count", "said"), [(812, "812 bytes"), (2_500, "2 kB"), (41_000_000, "41 MB")])
def test_sizes_are_said_in_their_largest_unit(count, said):
    assert quarantine.size(count) == said


def test_what_a_source_was_asked_for_is_said_in_words():
    assert quarantine.query_text("comments:acme") == "comments in r/acme"
    assert quarantine.query_text('search:"acme"') == 'search for "acme"'
    assert quarantine.query_text("acme \u202e") == "acme \\u202e"


def test_the_pulse_says_which_part_stopped_and_why():
    shown = pulse.parts({"absorber": "disk full", "scorer": "ok", "listeners": "starting again"})
    assert [(title, sign[0], why) for title, sign, why in shown] == [
        ("Listeners", "starting again", ""),
        ("Taking in", "stopped short", "disk full"),
        ("Scoring", "running", ""),
    ]


# The page


@pytest.fixture
def runtime(tmp_path):
    opened = Runtime(
        Places(tmp_path), Store(tmp_path / "store.duckdb"), Judgement(ranking, scoring.score_line), {}, None,
        clock=lambda: NOON,
    )  # fmt: skip
    use_runtime(opened)
    list(absorber.absorb_waiting(opened.store, opened.judgement, opened.places, opened.clock))
    yield opened
    use_runtime(None)
    opened.store.close()


def opened_page():
    page = AppTest.from_file(MAIN, default_timeout=500).run()
    return page.switch_page("sources/page.py").run()


def everything(page):
    return "\n".join([*(one.value for one in page.text), *(one.value for one in page.caption)])


def test_the_empty_page_says_what_to_do_next(runtime):
    page = opened_page()
    assert not page.exception
    assert any("Name your brand" in link.label for link in page.get("page_link"))
    said = everything(page)
    assert "Off until you hold Reddit's written approval" in said
    assert "No batch waits to be taken in. None is set aside." in said
    assert "Every row that came could be taken in." in said
    assert not page.subheader, "where there is nothing to show a line is enough"


def test_the_page_names_the_version(runtime):
    assert f"Hearback {VERSION}" in [caption.value for caption in opened_page().caption]


def test_the_filled_page_shows_visits_gaps_batches_and_rows_as_text(runtime):
    setup.save_brands(runtime.places.setup, [ACME])
    at, incoming = NOON, runtime.places.incoming
    gap = Gap("acme", at - timedelta(hours=3), at - timedelta(hours=1), "more than 1000 hits in one second")
    run = Run("hackernews", at, at, error=f"refused {HOSTILE}", next_at=at + timedelta(minutes=2), gaps=(gap,))
    drop(incoming, "hackernews", at, run=run, rejected=[Rejected("a.csv", 7, f"no time {HOSTILE}", HOSTILE)])
    (incoming / "reddit-20260101T000000000000-00000abc.jsonl").write_bytes(b"")
    list(absorber.absorb_waiting(runtime.store, runtime.judgement, runtime.places, runtime.clock))
    drop(incoming, "rss", at)
    page = opened_page()
    assert not page.exception
    said = everything(page)
    assert "Refused <script>alert(1)</script> **bold**" in said
    assert "\u202e" not in said
    assert "\x1b" not in said
    assert "1 batch waits to be taken in." in said
    gaps, aside, _, rejected = (one.value for one in page.dataframe)
    assert list(gaps["Source"]) == ["Hacker News"]
    assert list(aside["Why"]) == ["the file is empty"]
    assert set(rejected["Line"]) == {"7", "whole file"}
    assert not any("\u202e" in cell for cell in rejected["Begins with"])
    assert "alert(1)" not in "".join(one.value for one in page.markdown)


def test_the_health_of_the_runtime_is_trouble_only_when_a_person_must_do_something(runtime):
    setup.save_brands(runtime.places.setup, [ACME])
    at, later = NOON, NOON + timedelta(minutes=5)

    def take_in(now, **facts):
        drop(runtime.places.incoming, "hackernews", now, run=Run("hackernews", now, now, next_at=later, **facts))
        list(absorber.absorb_waiting(runtime.store, runtime.judgement, runtime.places, runtime.clock))

    runtime.places.budgets.mkdir()
    (runtime.places.budgets / "x.json").write_text(f'{{"month": "{at:%Y-%m}", "spent": 45.0}}')
    setup.save_source(runtime.places.setup, "x", {"dollars_a_month": 50})
    take_in(at, error="it is down (503)")
    well, report = runtime.health(at + timedelta(hours=1))
    assert (well, report["status"]) == (True, "ok")
    assert report["figures"]["listeners"]["x"]["left"] == 5.0
    assert [one["kind"] for one in report["figures"]["listeners"]["hackernews"]["concerns"]] == ["late"]
    take_in(later, error="it does not accept our credentials (401)", permanent=True)
    assert runtime.health(later)[0] is False
    setup.save_source(runtime.places.setup, "hackernews", {"on": False})
    assert runtime.health(later)[0] is True, "what is switched off troubles nobody"


def test_a_broken_setup_toml_is_shown_with_its_path_and_the_page_still_stands(runtime):
    runtime.places.setup.write_text("[[brand]\nname = 1")
    page = opened_page()
    assert not page.exception
    assert [one.value for one in page.code][:1] == [str(runtime.places.setup)]
    assert "setup.toml cannot be read" in everything(page)


@pytest.mark.parametrize(("page", "stopped"), [
    ("sources/page.py", ["Upkeep"]), ("setup/page.py", ["Upkeep"]), ("trends/page.py", ["Taking in", "Upkeep"]),
])  # fmt: skip
def test_what_stopped_short_is_told_once_on_every_page(runtime, page, stopped):
    runtime.places.setup.write_text("[[brand]\nname = 1")
    for name, trouble in (("absorber", frame.trouble_with_setup()), ("upkeep", "disk full")):
        runtime.loops[name] = Loop(name, lambda: None, 1.0)
        runtime.loops[name].trouble = trouble
    shown = AppTest.from_file(MAIN, default_timeout=500).run().switch_page(page).run()
    assert not shown.exception
    told = [one.value.split(" stopped short")[0] for one in shown.error if "stopped short" in one.value]
    assert told == stopped


def test_a_webhook_that_nobody_can_sign_for_needs_somebody(monkeypatch):
    monkeypatch.delenv("HEARBACK_WEBHOOK_CRM", raising=False)
    webhook = next(one for one in LISTENERS if one.source == "webhook")
    (state,) = states([webhook], Setup((ACME,), {"webhook": {"names": ["crm"]}}), [], NOON, runs_here=True)
    assert state.mark is Mark.NEEDS_YOU
    assert "It needs HEARBACK_WEBHOOK_CRM" in state.why


def test_on_a_phone_each_figure_has_the_heading_of_its_column():
    given = re.findall(r'source_line.*nth-child\((\d)\)::before \{ content: "(.+)"', CSS.read_text(encoding="utf-8"))
    assert [int(place) for place, _ in given] == [3, 4, 5, 6]
    assert all(source_list.HEADINGS[int(place) - 1] == heading for place, heading in given)


# The backups


def test_the_age_of_the_newest_backup_is_said_and_that_there_is_no_schedule():
    plan = {"schedule": "every 24 hours", "newest": None, "trouble": None}
    assert backup_state.said(plan, NOON) == "A backup is made every 24 hours. None was made yet."
    newest = (NOON - timedelta(hours=3)).isoformat()
    assert backup_state.said(plan | {"newest": newest}, NOON).endswith("The newest was made 3 h ago.")
    none = {"schedule": "no schedule", "newest": None, "trouble": None}
    assert backup_state.said(none, NOON).startswith("No backups are made by themselves")


class FailingBackups:
    """A schedule whose latest backup failed."""

    def state(self):
        return {"schedule": "every 24 hours", "newest": NOON.isoformat(), "trouble": "No backup was made: no room."}


def test_a_backup_that_failed_is_trouble_and_told_on_the_page(runtime):
    assert runtime.health(NOON)[1]["backup"] == {"schedule": "no schedule", "newest": None, "trouble": None}
    use_runtime(replace(runtime, backups=FailingBackups()))
    well, report = current().health(NOON)
    assert (well, report["backup"]["trouble"]) == (False, "No backup was made: no room.")
    page = opened_page()
    assert not page.exception
    assert ["latest backup could not be made" in one.value for one in page.warning] == [True]
    assert "No backup was made: no room." in everything(page)
    assert "The newest was made just now." in everything(page)
