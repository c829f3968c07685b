"""A disk that is full for some files, and has room again: writes of the processes that are started then really fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("full_disk.c")
MISSING = "needs Linux and a C compiler: apt-get install gcc libc6-dev"


class FullDisk:
    """What processes are started with that shall meet it: `environment`."""

    def __init__(self, folder: Path) -> None:
        self._sign = folder / "full"
        library, compiler = folder / "full_disk.so", shutil.which("cc")
        if not sys.platform.startswith("linux") or compiler is None:
            pytest.skip(MISSING)
        command = [compiler, "-std=gnu11", "-O2", "-shared", "-fPIC", "-o", str(library), str(SOURCE)]
        subprocess.run(command, check=True, capture_output=True)
        self.environment = {"LD_PRELOAD": str(library), "FULL_WHILE": str(self._sign)}

    def fill(self, pattern: str) -> None:
        """Refuse every write to a file whose path matches."""
        part = self._sign.with_suffix(".part")
        part.write_text(pattern, encoding="utf-8")
        part.rename(self._sign)

    def make_room(self) -> None:
        self._sign.unlink()
