"""What the tests of backups share: a data folder with something in every place."""

from __future__ import annotations

import pytest

from tests.data.backup.filled import fill, open_room


@pytest.fixture
def room(places):
    opened = fill(open_room(places))
    yield opened
    opened.store.close()
