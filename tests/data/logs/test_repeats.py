"""What is logged again and again is written once a minute, and then it is said how often it came."""

from __future__ import annotations

import logging

import pytest

from data.logs.repeats import AGAIN_AFTER, MOST_KINDS, OncePerKind


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def written(clock):
    """A logger, and the messages that get through."""
    said = []

    class Keeps(logging.Handler):
        def emit(self, record):
            said.append(record.getMessage())

    handler = Keeps()
    handler.addFilter(OncePerKind(clock))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    logger.said = said
    return logger


def fail(logger, kind=ValueError, text="oh"):
    try:
        raise kind(text)
    except kind:
        logger.exception("It failed")


def test_one_failure_in_one_place_is_written_once_a_minute(written, clock):
    for number in range(1_000):
        fail(written, text=f"id {number}")
    assert written.said == ["It failed"]
    clock.now = AGAIN_AFTER + 1
    fail(written)
    assert written.said[1:] == ["It failed (999 more like it since the last)"]


def test_failures_of_other_kinds_are_each_written(written):
    fail(written)
    fail(written, KeyError)
    written.warning("first")
    written.warning("second")
    assert len(written.said) == 4


def test_a_message_is_one_kind_whatever_its_arguments(written):
    for number in range(5):
        written.warning("The host %s is refused", number)
    assert written.said == ["The host 0 is refused"]


def test_what_is_remembered_is_bounded(written):
    for number in range(3 * MOST_KINDS):
        written.warning(f"message {number}")
    (once,) = written.handlers[0].filters
    assert len(once._seen) <= MOST_KINDS
