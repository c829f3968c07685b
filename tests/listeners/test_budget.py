"""The ledger of paid sources: nothing is spent past the cap, nothing billed twice on one day, nothing forgotten."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from data.spool.budgets import spending
from data.spool.time_check import TimeCheck, reckoned
from listeners.base import ListenerError
from listeners.budget import Ledger

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def ledger(folder, cap=1.0, now=NOON):
    return Ledger(folder, "x", {"dollars_a_month": cap}, now)


def test_a_request_past_the_cap_is_refused_and_says_until_when(tmp_path):
    budget = ledger(tmp_path, cap=0.5)
    budget.reserve(0.5)
    with pytest.raises(ListenerError, match=r"cap of \$0\.50 is reached") as refused:
        budget.reserve(0.01)
    assert not refused.value.permanent
    assert NOON + timedelta(seconds=refused.value.retry_after) == datetime(2026, 12, 1, tzinfo=UTC)


def test_an_item_seen_twice_on_one_day_is_billed_once(tmp_path):
    budget = ledger(tmp_path)
    budget.reserve(0.5)
    budget.charge(["x:1", "x:2", "x:1"], 0.005)
    again = ledger(tmp_path, now=NOON + timedelta(hours=3))
    again.reserve(0.5)
    again.charge(["x:1", "x:2", "x:3"], 0.005)
    assert again.spent == pytest.approx(0.015)


def test_the_same_item_is_billed_again_on_the_next_day(tmp_path):
    ledger(tmp_path).charge(["x:1"], 0.005)
    tomorrow = ledger(tmp_path, now=NOON + timedelta(days=1))
    tomorrow.charge(["x:1"], 0.005)
    assert tomorrow.spent == pytest.approx(0.010)


def test_what_a_killed_process_had_reserved_counts_as_spent(tmp_path):
    ledger(tmp_path).reserve(0.4)
    assert ledger(tmp_path).spent == pytest.approx(0.4)


def test_a_new_month_starts_at_nothing(tmp_path):
    ledger(tmp_path).reserve(1.0)
    assert ledger(tmp_path, now=NOON + timedelta(days=7)).left == 1.0


def test_a_clock_that_goes_a_month_ahead_and_comes_back_forgets_nothing(tmp_path):
    ledger(tmp_path).reserve(0.6)
    ahead = ledger(tmp_path, now=NOON + timedelta(days=31))
    ahead.reserve(0.3)
    assert ahead.spent == pytest.approx(0.3)
    back = ledger(tmp_path)
    assert back.spent == pytest.approx(0.9)
    with pytest.raises(ListenerError, match="cap"):
        back.reserve(0.2)
    back.reserve(0.05)
    again = spending(tmp_path, {"x": {"dollars_a_month": 1.0}}, NOON + timedelta(days=31))
    assert (again["x"].spent, ledger(tmp_path).spent) == (0.0, pytest.approx(0.95))


def test_a_clock_that_is_set_ahead_begins_no_new_month(tmp_path):
    check = TimeCheck(tmp_path, clock=lambda: NOON, running=lambda: 100.0)
    check.look()
    ahead = NOON + timedelta(days=31)
    assert reckoned(tmp_path, ahead, lambda: 160.0) == NOON + timedelta(minutes=1)
    assert reckoned(tmp_path, ahead, lambda: 100.0 + 31 * 86_400) == ahead
    assert reckoned(tmp_path / "none", ahead) == ahead


def test_a_ledger_of_an_earlier_version_is_read(tmp_path):
    kept = {"month": "2026-11", "spent": 0.4, "day": "2026-11-24", "billed": ["x:1"]}
    (tmp_path / "x.json").write_text(json.dumps(kept), encoding="utf-8")
    budget = ledger(tmp_path)
    budget.charge(["x:1", "x:2"], 0.1)
    assert budget.spent == pytest.approx(0.5)


@pytest.mark.parametrize("cap", [None, -1, "5", True, float("nan")])
def test_without_a_usable_cap_nothing_is_spent(tmp_path, cap):
    with pytest.raises(ListenerError, match="dollars_a_month") as refused:
        ledger(tmp_path, cap=cap)
    assert refused.value.permanent


@pytest.mark.parametrize(
    "content",
    [
        "{", "[]", '{"month": "2026-11", "spent": Infinity, "billed": []}',
        '{"month": "2026-11", "spent": -1, "billed": []}',
        '{"month": "2026-12", "spent": 1, "billed": [], "before": {"2026-11": "much"}}',
    ],
)  # fmt: skip
def test_a_damaged_ledger_stops_the_spending(tmp_path, content):
    (tmp_path / "x.json").write_text(content, encoding="utf-8")
    with pytest.raises(ListenerError, match="mend or remove it"):
        ledger(tmp_path)


@pytest.mark.parametrize("cap", [float("inf"), float("nan"), -1, True, "5"])
def test_a_cap_that_is_none_is_reported_as_none(tmp_path, cap):
    assert spending(tmp_path, {"x": {"dollars_a_month": cap}}, NOON)["x"].cap is None


def test_two_who_spend_at_one_time_know_of_each_other(tmp_path):
    run_once, answer = ledger(tmp_path, cap=0.5), ledger(tmp_path, cap=0.5)
    run_once.reserve(0.4)
    with pytest.raises(ListenerError, match="cap"):
        answer.reserve(0.2)
    answer.reserve(0.1)
    run_once.charge(["x:1"], 0.005)
    answer.charge(["x:1", "x:2"], 0.005)
    assert ledger(tmp_path).spent == pytest.approx(0.010)
