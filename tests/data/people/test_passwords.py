"""Passwords: their hashes, what a good one is, and how a name is slowed down without locking others out."""

from __future__ import annotations

import pytest

from data.people import passwords
from data.people.passwords import FREE_TRIES, LONGEST_WAIT, Tries

GOOD = "four words nobody says"


class Clock:
    """A running clock that a test sets."""

    def __init__(self):
        self.seconds = 1_000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tries(clock):
    return Tries(clock)


def test_a_hash_fits_its_password_only():
    kept = passwords.hashed(GOOD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=5,p=1$")
    assert passwords.fits(kept, GOOD)
    assert not passwords.fits(kept, GOOD + " ")
    assert not passwords.fits(kept, "")
    assert passwords.hashed(GOOD) != kept


def test_without_an_account_a_hash_is_checked_all_the_same(monkeypatch):
    """Unknown names and wrong passwords take the same time, because the same is done."""
    checked = []
    verify = passwords.PasswordHasher.verify
    monkeypatch.setattr(
        passwords.PasswordHasher, "verify", lambda self, kept, said: (checked.append(kept), verify(self, kept, said))[1]
    )
    assert not passwords.fits(None, GOOD)
    assert not passwords.fits(None, "nobody's password")
    assert not passwords.fits(passwords.hashed(GOOD), "another one")
    assert len(checked) == 3
    assert {one.rpartition("$")[0].rpartition("$")[0] for one in checked} == {"$argon2id$v=19$m=65536,t=5,p=1"}


@pytest.mark.parametrize("kept", ["", "plain", "$argon2id$v=19$m=1", "$2b$12$abc"])
def test_what_is_no_hash_fits_nothing(kept):
    assert not passwords.fits(kept, kept)


@pytest.mark.parametrize("password", ["", "short", "a" * 9, "aaaaaaaaaaaa", "ab" * 8, "x" * 257, "Annabella Byron"])
def test_a_password_that_is_none_is_said(password):
    assert passwords.fault(password, "Annabella Byron")


@pytest.mark.parametrize("password", [GOOD, "correct horse", "ñandú über żółw", "0123456789", "x y z w" * 30])
def test_a_good_password_is_taken(password):
    assert passwords.fault(password, "Ann") is None


def test_each_wrong_try_past_the_first_few_doubles_the_wait(tries, clock):
    waits = []
    for _ in range(FREE_TRIES + 12):
        clock.seconds += tries.wait("Ann", "10.0.0.1")
        tries.was_wrong("Ann", "10.0.0.1")
        waits.append(tries.wait("Ann", "10.0.0.1"))
    assert waits[: FREE_TRIES - 1] == [0.0] * (FREE_TRIES - 1)
    assert waits[FREE_TRIES - 1 :][:4] == [1.0, 2.0, 4.0, 8.0]
    assert waits[-1] == LONGEST_WAIT


def test_a_thousand_wrong_tries_slow_one_name_from_one_address_only(tries, clock):
    for _ in range(1_000):
        if not tries.wait("Ann", "10.0.0.1"):
            tries.was_wrong("Ann", "10.0.0.1")
        clock.seconds += 0.06
    assert tries.wait("ANN ", "10.0.0.1") > 0
    assert tries.wait("Ann", "10.0.0.2") == 0
    assert tries.wait("Ben", "10.0.0.1") == 0


def test_the_right_password_and_time_forget_the_wrong_ones(tries, clock):
    for _ in range(FREE_TRIES):
        tries.was_wrong("Ann", "here")
    tries.was_right("Ann", "here")
    assert tries.wait("Ann", "here") == 0
    for _ in range(FREE_TRIES):
        tries.was_wrong("Ann", "here")
    clock.seconds += passwords.FORGOTTEN_AFTER + 1
    assert tries.was_wrong("Ann", "here") == 1


def test_only_so_many_pairs_are_kept(tries, monkeypatch):
    monkeypatch.setattr(passwords, "MOST_KEPT", 10)
    for number in range(50):
        tries.was_wrong(f"name {number}", "here")
    assert tries.was_wrong("name 49", "here") == 2
    assert tries.was_wrong("name 0", "here") == 1


def test_a_name_in_other_signs_is_the_same_name(tries):
    for _ in range(8):
        tries.was_wrong("Lea", "10.0.0.1")
    assert tries.wait("ＬＥＡ", "10.0.0.1") == tries.wait(" lea ", "10.0.0.1") > 0
