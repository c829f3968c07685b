"""One-time links: they set a password once, for one person, for a while."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.models import HearbackError
from data.people import links, login, people
from data.people.passwords import Tries
from tests.data.builders import NOON

GOOD = "four words nobody says"


def test_a_link_sets_the_password_once(places, lead):
    token = links.make(places, "ann", lead, NOON)
    assert links.holder(places, token, NOON).name == "Ann"
    links.use(places, token, GOOD, NOON)
    assert login.by_password(places, Tries(), "Ann", GOOD, "here").name == "Ann"
    with pytest.raises(HearbackError, match="was used"):
        links.use(places, token, "another four words here", NOON)
    assert login.by_password(places, Tries(), "Ann", GOOD, "here").name == "Ann"


def test_a_newer_link_ends_the_older(places, lead):
    older, newer = links.make(places, "Ann", lead, NOON), links.make(places, "Ann", lead, NOON)
    with pytest.raises(HearbackError, match="was used"):
        links.holder(places, older, NOON)
    assert links.holder(places, newer, NOON).name == "Ann"


def test_a_link_ends_with_its_time_and_with_its_person(places, lead):
    token = links.make(places, "Ann", lead, NOON)
    with pytest.raises(HearbackError):
        links.holder(places, token, NOON + links.LASTS)
    assert links.holder(places, token, NOON + links.LASTS - timedelta(seconds=1))
    people.remove(places, "Ann", lead)
    with pytest.raises(HearbackError):
        links.use(places, token, GOOD, NOON)


@pytest.mark.parametrize("token", ["", "x", "é" * 40, "\ud800", "../../etc/passwd"])
def test_what_is_no_link_is_refused(places, team, token):
    with pytest.raises(HearbackError, match="was used"):
        links.holder(places, token, NOON)


def test_a_bad_password_leaves_the_link(places, lead):
    token = links.make(places, "Ann", lead, NOON)
    with pytest.raises(HearbackError, match="characters or more"):
        links.use(places, token, "short", NOON)
    assert links.holder(places, token, NOON).name == "Ann"


def test_the_list_holds_no_token(places, lead):
    token = links.make(places, "Ann", lead, NOON)
    assert token not in (places.people / people.FILE).read_text()
    links.use(places, token, GOOD, NOON)
    assert GOOD not in (places.people / people.FILE).read_text()
