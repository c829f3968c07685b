"""The file of a log: private, rotated by size, written by one process; what the disk refuses is said elsewhere."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

import pytest

from data import files
from data.logs import file
from data.logs.file import KEPT, LogFile, opened
from data.models import HearbackError


@pytest.fixture
def log(tmp_path):
    """A log whose files are full after 1,000 bytes."""
    path = tmp_path / "logs" / "hearback.log"
    handler = opened(path)
    handler.maxBytes = 1_000
    yield handler
    handler.close()


def write(handler, *messages):
    for message in messages:
        handler.handle(logging.LogRecord("data", logging.WARNING, "", 1, message, (), None))


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_rotated_by_size_and_every_file_is_private(log, tmp_path):
    write(log, *(f"{number:04} {'x' * 95}" for number in range(200)))
    lying = sorted(path.name for path in (tmp_path / "logs").iterdir())
    assert lying == ["hearback.log", *(f"hearback.log.{n}" for n in range(1, KEPT + 1)), "hearback.log.lock"]
    assert {mode(path) for path in (tmp_path / "logs").iterdir()} == {0o600}
    assert mode(tmp_path / "logs") == 0o700
    lines = (tmp_path / "logs/hearback.log").read_text().splitlines()
    assert lines[-1].startswith("0199")
    former = (tmp_path / "logs/hearback.log.1").read_text().splitlines()
    assert former[-1][:4] == f"{int(lines[0][:4]) - 1:04}"


def test_what_others_could_read_is_closed_to_them(tmp_path):
    path = tmp_path / "hearback.log"
    path.write_text("before\n")
    path.chmod(0o644)
    handler = opened(path)
    write(handler, "after")
    handler.close()
    assert path.read_text() == "before\nafter\n"
    assert mode(path) == 0o600


def test_a_second_process_is_told_who_writes(log):
    with pytest.raises(HearbackError, match=r"^Process \d+ writes the log .+hearback.log already"):
        opened(log_path(log))
    log.close()
    opened(log_path(log)).close()


def log_path(log):
    return Path(log.baseFilename)


def test_what_is_no_file_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(HearbackError, match="The log cannot be written"):
        opened(tmp_path / "folder")


def test_a_line_that_the_disk_refuses_is_said_on_standard_error(log, monkeypatch, capsys):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "opened_to_append", full)
    write(log, *("x" * 400 for _ in range(4)))
    assert "x" * 400 in capsys.readouterr().err
    monkeypatch.undo()
    write(log, "there is room again")
    assert "there is room again" in log_path(log).read_text()


def test_its_size_is_bounded():
    assert file.LARGEST * (KEPT + 1) == 60 * 2**20
    assert issubclass(LogFile, logging.Handler)
