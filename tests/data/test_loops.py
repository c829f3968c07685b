"""A loop does its work again and again, and tells what stopped the last round."""

from __future__ import annotations

import threading

from data.loops import Loop
from data.models import HearbackError


def test_what_fails_again_and_again_is_logged_once(caplog):
    """Its text differs each time; where it fails does not."""
    faults = [KeyError("first"), KeyError("second"), ValueError("third"), None, ValueError("fourth")]
    done = threading.Event()

    def work():
        fault = faults.pop(0) if faults else done.set()
        if isinstance(fault, KeyError):
            raise fault
        if fault:
            raise fault

    loop = Loop("test", work, rest=0.001)
    loop.start()
    assert done.wait(60)
    loop.stop()
    raised = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert [fault.args[0] for fault in raised] == ["first", "third", "fourth"]


def test_what_a_person_can_mend_is_logged_when_it_begins_and_when_it_is_over(caplog):
    faults = [HearbackError("no room"), HearbackError("no room"), OSError(13, "denied", "/x"), None]
    done = threading.Event()

    def work():
        fault = faults.pop(0) if faults else done.set()
        if fault:
            raise fault

    caplog.set_level("INFO")
    loop = Loop("test", work, rest=0.001)
    loop.start()
    assert done.wait(60)
    loop.stop()
    began, changed, over = [record.getMessage() for record in caplog.records]
    assert (began, over) == ("no room", "The test works again")
    assert changed.startswith("/x may not be used by this user")


def test_a_loop_shows_its_trouble_and_recovers():
    class Fault(Exception):
        pass

    faults = [HearbackError("the disk is full"), Fault("oh"), None]
    seen, done = [], threading.Event()

    def work():
        seen.append(loop.trouble)
        fault = faults.pop(0) if faults else None
        if fault:
            raise fault
        if len(seen) > 3:
            done.set()

    loop = Loop("test", work, rest=0.001)
    loop.start()
    assert done.wait(30)
    loop.stop()
    assert seen[:4] == [None, "the disk is full", "Fault: oh", None]
    assert not loop.is_alive()
