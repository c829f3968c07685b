"""A loop does its work again and again, and tells what stopped the last round."""

from __future__ import annotations

import threading

from data.loops import Loop
from data.models import HearbackError


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
