"""Every source as plain values: its rules, whether it is on, what it lacks; and what one would cost."""

import json
from datetime import date, timedelta

import pytest

from data.setup import parse
from listeners.base import Estimate, FetchResult, Listener, ListenerError, Policy, ReplyRule, Setting
from listeners.catalog import catalog, plain
from listeners.commands import sources
from listeners.registry import LISTENERS, LIVE_VIEWS
from listeners.schedule.runs import Task, estimate, run_once
from tests.listeners.clockwork import NOON, Hours
from tests.listeners.probes import BRAND, a_mention, runs
from tests.listeners.taking import worked_by_children
from tests.listeners.test_command import command, surroundings  # noqa: F401  # fixtures

DAY = timedelta(days=1)
POLICY = Policy(
    "Shop", True, "Delete it.", "By hand.", date(2026, 11, 24), "https://example.com", approval="a paid plan",
    secrets=("SHOP_KEY", "SHOP_SECRET"), lifetime=DAY, recheck_every=2 * DAY, dollars_per_item=0.005,
    reply=ReplyRule(280, only_when="Only when asked."), settings=(Setting("shops", "Shops", needed=True),),
)  # fmt: skip


class Shop(Listener):
    """A source that costs money, half a cent an item."""

    source, every, policy = "shop", timedelta(minutes=30), POLICY

    def __init__(self, items=0):
        self.items = items

    def listen(self, brands, options, cursor, now, budget):
        budget.reserve(0.005 * self.items)
        found = [a_mention(number + round(now.timestamp())) for number in range(self.items)]
        budget.charge([one.mention.id for one in found], 0.005)
        return FetchResult(found)

    def estimate(self, brands, options, now):
        return Estimate(20_000, 100.0, "200 in the last 7 hours, by its count.")


@pytest.fixture
def only_the_shop(monkeypatch):
    for name in ("catalog.LISTENERS", "catalog.LIVE_VIEWS"):
        monkeypatch.setattr(f"listeners.{name}", (Shop(),) if "LIST" in name else ())
    monkeypatch.delenv("SHOP_KEY", raising=False)
    monkeypatch.setenv("SHOP_SECRET", "s3cret")


def test_a_source_says_what_it_lacks_by_name_and_never_a_secrets_value(only_the_shop):
    row = catalog(parse(""))["shop"]
    assert [(one["kind"], one["name"]) for one in row["lacks"]] == [
        ("brand", "brand"), ("approval", "approved"), ("secret", "SHOP_KEY"), ("setting", "shops"),
        ("cap", "dollars_a_month"),
    ]  # fmt: skip
    assert (row["on"], row["why_off"].startswith("shop has no brand")) == (False, True)
    assert "s3cret" not in json.dumps(row)


def test_a_source_that_is_set_up_lacks_nothing_and_is_on(only_the_shop, monkeypatch):
    monkeypatch.setenv("SHOP_KEY", "s3cret")
    said = '[sources.shop]\non = true\napproved = "Ada"\nshops = ["a"]\ndollars_a_month = 5\nevery_minutes = 60\n'
    row = catalog(parse(BRAND + said))["shop"]
    assert (row["on"], row["why_off"], row["lacks"], row["every"]) == (True, None, [], 3600)


def test_a_policy_is_told_whole_in_plain_json(only_the_shop):
    told = json.loads(json.dumps(catalog(parse(""))["shop"]["policy"]))
    assert set(told) == set(Policy.__slots__)
    assert (told["lifetime"], told["recheck_every"], told["checked_on"]) == (86_400, 172_800, "2026-11-24")
    assert told["reply"] == {"longest": 280, "unit": "characters", "only_when": "Only when asked."}
    assert told["settings"][0]["name"] == "shops"


def test_every_source_there_is_stands_in_it():
    listed = catalog(parse(BRAND))
    assert list(listed) == [one.source for one in (*LISTENERS, *LIVE_VIEWS)]
    json.dumps(listed)


def test_a_value_nobody_thought_of_is_told_as_it_is():
    assert plain({"a": (1, None, True), 2: DAY}) == {"a": [1, None, True], "2": 86_400}


@pytest.mark.usefixtures("kept")
def test_the_command_answers_at_once_as_a_table_and_as_json(command):  # noqa: F811
    began = worked_by_children()
    told = json.loads(command("sources", "--json").stdout)
    assert worked_by_children() - began < 5
    assert told["hackernews"]["on"] is False
    assert "s3cret" not in json.dumps(told)
    table = command("sources").stdout.splitlines()
    assert table[0].split() == ["SOURCE", "ON", "CAN", "ALSO", "WHAT", "IT", "LACKS"]
    assert len(table) == 1 + len(told)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"SHOP_KEY = x", "Invalid value (at line 1, column 12). Mend that line."),
        (None, "Is a directory."),
        (b'\xef\xbb\xbfSHOP_KEY = "key-s3cret"', None),
    ],
)
def test_secrets_that_cannot_be_read_are_told_and_not_called_lacking_only(
    only_the_shop, monkeypatch, kept, tmp_path, capsys, content, said
):
    monkeypatch.setenv("HEARBACK_DATA", str(kept.root))
    file = tmp_path / "secrets.toml"
    file.mkdir() if content is None else file.write_bytes(content)
    monkeypatch.setattr("data.settings.SECRETS", file)
    assert sources.run(["--json"]) == 0
    listed, told = capsys.readouterr()
    assert ("SHOP_KEY" in [one["name"] for one in json.loads(listed)["shop"]["lacks"]]) is bool(said)
    assert told == (f".streamlit/secrets.toml cannot be read: {said}\n" if said else "")
    heard = []
    run_once(Task(Shop(), (), {"approved": "Ada", "dollars_a_month": 5}), kept, 0, lambda: NOON, heard.append)
    assert heard == ([f"shop: .streamlit/secrets.toml cannot be read: {said}"] if said else [])


# What a source would cost


def test_an_estimate_says_what_a_month_costs_and_when_the_cap_is_reached(only_the_shop, monkeypatch, kept, capsys):
    monkeypatch.setenv("HEARBACK_DATA", str(kept.root))
    monkeypatch.setenv("SHOP_KEY", "s3cret")
    kept.root.mkdir()
    kept.setup.write_text(BRAND + '[sources.shop]\napproved = "Ada"\ndollars_a_month = 25\n')
    assert sources.price(["shop"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Shop: about 20,000 mentions and $100.00 a month.",
        "200 in the last 7 hours, by its count.",
        "Its cap of $25.00 would be reached after about 7 days; it then stops until next month.",
    ]
    sources.price(["shop", "--json"])
    assert json.loads(capsys.readouterr().out)["dollars_a_month"] == 100.0


def test_an_estimate_needs_what_the_platform_asks_for_and_no_switch(only_the_shop, acme):
    with pytest.raises(ListenerError, match="approved"):
        estimate(Task(Shop(), (acme,), {}), NOON)
    with pytest.raises(ListenerError, match="SHOP_KEY"):
        estimate(Task(Shop(), (acme,), {"approved": "Ada", "on": False}), NOON)


def test_what_costs_nothing_says_so(command):  # noqa: F811
    done = command("estimate", "hackernews")
    assert (done.returncode, done.stdout) == (0, "Reading Hacker News costs nothing, so nothing was counted.\n")
    done = command("estimate", "myspace")
    assert (done.returncode, done.stderr) == (
        1, "There is no source 'myspace': python -m listeners sources lists them.\n"
    )  # fmt: skip


# What it spends


@pytest.fixture
def paid(monkeypatch, acme, kept):
    monkeypatch.setenv("SHOP_KEY", "k")
    monkeypatch.setenv("SHOP_SECRET", "k")

    def once(items, cap, now=NOON, said=None):
        task = Task(Shop(items), (acme,), {"approved": "Ada", "shops": ["a"], "dollars_a_month": cap})
        return run_once(task, kept, 0, lambda: now, (said if said is not None else []).append, lambda: 0.5)

    return once


def test_near_its_cap_a_paid_source_is_run_less_often_and_at_the_cap_not_until_next_month(paid, kept):
    assert paid(10, cap=1.0).pause == 1800
    assert paid(160, cap=1.0, now=NOON + DAY).pause == pytest.approx(2700), "three quarters and a tenth are spent"
    stopped = paid(100, cap=1.0, now=NOON + 2 * DAY)
    assert "the month's cap of $1.00 is reached ($0.85 spent)" in stopped.error
    assert timedelta(seconds=stopped.pause) > timedelta(days=5), "a new month or a changed setup starts it again"
    assert [run["found"] for run in runs(kept)] == [10, 160, 0]


def test_a_raised_cap_is_taken_up_at_once(monkeypatch, kept):
    monkeypatch.setenv("SHOP_KEY", "k")
    monkeypatch.setenv("SHOP_SECRET", "k")
    hours, said = Hours(), BRAND + '[sources.shop]\non = true\napproved = "Ada"\nshops = ["a"]\ndollars_a_month = '
    schedule = hours.schedule(kept, Shop(300))
    hours.round(schedule, parse(said + "1"))
    hours.pass_by(3 * 86_400)
    hours.round(schedule, parse(said + "1"))
    hours.round(schedule, parse(said + "2"))
    assert [run["found"] for run in runs(kept)] == [0, 300]
