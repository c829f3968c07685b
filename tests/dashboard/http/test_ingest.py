"""The route for pushes reads setup.toml again when its file has changed, and only then."""

from __future__ import annotations

import pytest

from dashboard.http import ingest
from data import setup
from data.models import HearbackError
from data.setup import save_source


def test_setup_is_read_again_only_when_its_file_has_changed(tmp_path, monkeypatch):
    path, read, plain = tmp_path / "setup.toml", [], setup.load

    def load(asked):
        read.append(asked)
        return plain(asked)

    assert ingest._setup(path).sources == {}
    save_source(path, "webhook", {"names": ["one"]})
    monkeypatch.setattr(setup, "load", load)
    for _ in range(3):
        assert ingest._setup(path).sources["webhook"]["names"] == ["one"]
    assert len(read) == 1
    monkeypatch.undo()
    save_source(path, "webhook", {"names": ["two"]})
    assert ingest._setup(path).sources["webhook"]["names"] == ["two"]
    path.write_text("[")
    for _ in range(2):
        with pytest.raises(HearbackError, match=r"setup\.toml cannot be read"):
            ingest._setup(path)
