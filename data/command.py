"""What every command line has in common: exit codes, and a sentence for a slip of the user."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn

USERS_ERROR = 1  # the user can mend it
OTHER_ERROR = 2


class _Absent:
    """Stands before all other finders and says of some libraries that they are not there."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def find_spec(self, name: str, *_: object) -> None:
        if name in self._names:
            raise ModuleNotFoundError(f"{name} is left out of this command", name=name)


def leave_out(*libraries: str) -> None:
    """Let this process do without libraries that others would load on the side, as DuckDB does with pandas to bind a
    value: a command that ends within a second must not spend half of it on them."""
    sys.meta_path.insert(0, _Absent(libraries))


class Parser(argparse.ArgumentParser):
    """argparse, with the exit code that a slip of the user has everywhere in Hearback."""

    def error(self, message: str) -> NoReturn:
        self.exit(USERS_ERROR, f"{message[:1].upper()}{message[1:]}. {self.prog} --help tells more.\n")
