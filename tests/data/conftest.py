"""What the data room's tests share: an empty folder, a store in memory, and a room that listens for Acme."""

from __future__ import annotations

import pytest

from data.settings import Places
from data.store.store import Store
from tests.data.builders import ACME, Room


@pytest.fixture
def places(tmp_path):
    return Places(tmp_path / "kept")


@pytest.fixture
def store():
    store = Store(":memory:", settings={"threads": "1"})  # so little data is quicker alone
    yield store
    store.close()


@pytest.fixture
def empty(places, store):
    """A room in which nothing was set up."""
    return Room(places, store)


@pytest.fixture
def room(empty):
    empty.listen_for(ACME)
    return empty
