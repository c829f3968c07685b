"""Laws of the tools: style, format and types hold, and each place that runs the tools runs the same ones."""

from __future__ import annotations

import re
import subprocess
import sys

import yaml

from tests.laws.code import ROOT

TOOLS = ("ruff check .", "ruff format --check .", "mypy")


def ran(command: str) -> str:
    """What a tool printed; empty when it found nothing to complain of."""
    words = [sys.executable, "-m", *command.split()]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout[-2000:] + done.stderr[-2000:]


def recipe(target: str) -> list[str]:
    """The commands of one target of the Makefile, without the path of the environment."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(rf"^{target}:.*\n((?:\t.+\n)+)", makefile, re.M)
    assert found, f"the Makefile has no {target}"
    return [line.strip().removeprefix("@$(VENV)/bin/") for line in found[1].splitlines()]


def hooks() -> list[str]:
    settings = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    return [hook["entry"].removeprefix(".venv/bin/") for repo in settings["repos"] for hook in repo["hooks"]]


def test_the_style_is_kept():
    assert not ran("ruff check .")


def test_the_format_is_kept():
    assert not ran("ruff format --check .")


def test_the_types_hold():
    assert not ran("mypy")


def test_make_check_and_the_hooks_run_the_same_tools():
    assert recipe("check") == list(TOOLS)
    assert hooks() == list(TOOLS)


def test_make_test_checks_before_it_tests():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^test: check$", makefile, re.M)
