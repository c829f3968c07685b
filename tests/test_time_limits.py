"""A test that is stuck ends within its limit and is shown with the line where it stands."""

from __future__ import annotations

import subprocess
import sys

from data.settings import ROOT

STUCK_IN_A_CHILD = """
import subprocess, sys

def test_that_waits_for_a_child():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        child.wait()  # it waits for us
"""
DEAF = """
import signal, threading

def test_that_no_signal_reaches():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    threading.Event().wait()  # for ever
"""


def suite(folder, content, *options):
    (folder / "test_stuck.py").write_text(content)
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder)]
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", *options, str(folder)],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_a_test_that_waits_for_a_child_fails_and_its_line_is_shown(tmp_path):
    done = suite(tmp_path, STUCK_IN_A_CHILD, "--timeout", "1")
    assert done.returncode == 1
    assert "child.wait()  # it waits for us" in done.stdout
    assert "Timeout (>1.0s)" in done.stdout


def test_a_test_that_no_signal_reaches_ends_its_process_and_its_line_is_shown(tmp_path):
    done = suite(tmp_path, DEAF, "--timeout", "1", "-o", "faulthandler_timeout=3")
    assert done.returncode == 1
    assert 'test_stuck.py", line 6 in test_that_no_signal_reaches' in done.stderr


def test_every_test_has_a_limit(request):
    assert float(request.config.getini("timeout")) > 0
    assert float(request.config.getini("faulthandler_timeout")) > 0
