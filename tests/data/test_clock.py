"""The wall clock: it tells an aware instant, in UTC wherever the machine stands."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ASKED = "from data.clock import now_in_utc; print(now_in_utc().isoformat())"


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/St_Johns"])
def test_the_clock_tells_utc_in_every_zone(zone):
    before = datetime.now(UTC)
    told = subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=ROOT,
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    )
    now = datetime.fromisoformat(told.stdout.strip())
    assert now.utcoffset() == timedelta(0)
    assert before <= now <= datetime.now(UTC)
