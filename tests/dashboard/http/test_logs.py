"""The log of a real app: lines from its start to its end, in private files, one for each of its processes."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import urllib.request

from tests.browser.conftest import ROOT, App, free_port, until


def test_the_app_and_its_listeners_write_lines_into_files_of_their_own(tmp_path):
    file = tmp_path / "logs" / "hearback.log"
    app = App(tmp_path / "data", free_port(), HEARBACK_LOG="json", HEARBACK_LOG_FILE=str(file))
    app.folder.mkdir()
    (app.folder / "setup.toml").write_text("[sources.hackernews]\non = false\n[sources.nonsense]\non = true\n")
    app.start()
    try:
        beside = file.with_name("hearback-listeners.log")
        until(lambda: beside.exists() and beside.read_text().endswith("}\n"), "the listeners write a line")
        urllib.request.urlopen(f"{app.address}/healthz?token=s3cret", timeout=60).close()  # noqa: S310  # our own
    finally:
        app.stop()
    told = [json.loads(line) for line in file.read_text().splitlines()]
    assert told[0]["message"].startswith("Hearback ")
    assert told[-1]["message"] == "Hearback has ended."
    assert "s3cret" not in file.read_text()
    [warned] = [json.loads(line) for line in beside.read_text().splitlines()]
    assert (warned["part"], warned["level"]) == ("listeners", "WARNING")
    assert "sources.nonsense" in warned["message"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()} == {0o600}
    assert "{" not in app.log.read_text()


def test_an_app_that_cannot_start_says_why_on_standard_error_and_in_its_log(tmp_path):
    file = tmp_path / "hearback.log"
    (tmp_path / "data").write_text("in the way")
    surroundings = os.environ | {"HEARBACK_DATA": str(tmp_path / "data"), "HEARBACK_LOG_FILE": str(file)}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(free_port())]
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    sentence = "CRITICAL app: Hearback cannot start. HEARBACK_DATA must name a folder"
    assert sentence in done.stderr
    assert sentence in file.read_text()
