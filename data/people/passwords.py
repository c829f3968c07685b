"""Passwords of local accounts: their hashes, what a good one is, and how wrong tries are slowed down."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from data.clock import Running, seconds_running
from data.people import people

SHORTEST, LONGEST = 10, 256  # characters
# Argon2id as RFC 9106 has it for little memory (64 MiB), with more rounds: 150 to 400 ms of a core a check.
ROUNDS, MEMORY_KIB, LANES = 5, 65_536, 1
FREE_TRIES = 5  # wrong ones, by one name from one address, before the first wait
LONGEST_WAIT = 300.0  # seconds
FORGOTTEN_AFTER = 3_600.0  # seconds without a try
MOST_KEPT = 20_000  # pairs of name and address


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=LANES)


@cache
def _nobodys() -> str:
    """A hash that is checked where there is no account, so that the answer takes as long."""
    return _hasher().hash("nobody's password")


def hashed(password: str) -> str:
    """The hash of a password, with its salt and its costs."""
    return _hasher().hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Whether a password is the one of a kept hash; never for None, which takes as long to answer."""
    try:
        _hasher().verify(kept or _nobodys(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def fault(password: str, name: str) -> str | None:
    """Why this cannot be the password of somebody of that name, a sentence; None when it can."""
    if len(password) < SHORTEST:
        return f"A password has {SHORTEST} characters or more: four words that nobody else would put together are good."
    if len(password) > LONGEST:
        return f"A password has at most {LONGEST} characters."
    if len(set(password)) < 4 or password.casefold() in (name.casefold(), name.casefold() * 2):
        return "That is too easy to guess. Four words that nobody else would put together are good."
    return None


@dataclass(slots=True)
class _Wrong:
    tries: int = 0
    latest: float = 0.0  # seconds of the running clock
    until: float = 0.0


class Tries:
    """Counts wrong passwords by name and address, known names or not, and says how long the next try must wait. It
    slows one name from one address down and nobody else."""

    def __init__(self, running: Running = seconds_running) -> None:
        self._running = running
        self._wrong: OrderedDict[tuple[str, str], _Wrong] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, name: str, address: str) -> float:
        """Seconds until this name may be tried from this address again; 0 when it may be now."""
        with self._lock:
            known = self._wrong.get(_pair(name, address))
            return max(0.0, known.until - self._running()) if known else 0.0

    def was_wrong(self, name: str, address: str) -> int:
        """Count a wrong try; return how many there were in a row. Each one past FREE_TRIES doubles the wait."""
        now, pair = self._running(), _pair(name, address)
        with self._lock:
            known = self._wrong.setdefault(pair, _Wrong())
            self._wrong.move_to_end(pair)
            if now - known.latest > FORGOTTEN_AFTER:
                known.tries = 0
            known.tries, known.latest = known.tries + 1, now
            if known.tries >= FREE_TRIES:
                known.until = now + min(LONGEST_WAIT, 2.0 ** min(known.tries - FREE_TRIES, 30))
            while len(self._wrong) > MOST_KEPT:
                self._wrong.popitem(last=False)
            return known.tries

    def was_right(self, name: str, address: str) -> None:
        """Forget the wrong tries of this name from this address."""
        with self._lock:
            self._wrong.pop(_pair(name, address), None)


def _pair(name: str, address: str) -> tuple[str, str]:
    return people.key(name[:LONGEST]), address
