"""Figures of speed and accuracy, a JSON object a line. `python -m tests.benchmarks [NAME ...]`, all without a name."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.benchmarks import (
    absorbing,
    accuracy,
    backing_up,
    demo_file,
    entering,
    erasing,
    making_anew,
    noise,
    pushing,
    queueing,
    reading,
    screens,
    sources,
)
from tests.benchmarks.figures import Figure, NotMeasured
from tests.benchmarks.ground import SMALL, WHOLE, Ground

BENCHES: dict[str, Callable[[Ground], Iterator[Figure]]] = {
    "absorb": absorbing.absorb,
    "score": absorbing.score,
    "vader": reading.vader,
    "rescore": making_anew.rescoring,
    "noise": noise.noise,
    "queue": queueing.queueing,
    "keys": screens.keys,
    "login": entering.login,
    "start": screens.start,
    "memory": screens.memory,
    "demo": demo_file.demo,
    "erase": erasing.erase,
    "backup": backing_up.backup,
    "sources": sources.sources,
    "pushes": pushing.pushes,
    "accuracy": accuracy.accuracy,
}


def main(arguments: Sequence[str]) -> int:
    """Run the named benchmarks; exit code 0, also where something cannot be measured here, which is said on stderr."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--list", action="store_true", help="print the names and leave")
    parser.add_argument("--small", action="store_true", help="see quickly that all runs; the figures say nothing")
    chosen = parser.parse_args(arguments)
    if unknown := [name for name in chosen.names if name not in BENCHES]:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are {', '.join(BENCHES)}")
    if chosen.list:
        print("\n".join(BENCHES))
        return 0
    with tempfile.TemporaryDirectory(prefix="hearback-bench-") as folder:
        ground = Ground(Path(folder), SMALL if chosen.small else WHOLE)
        for name in chosen.names or BENCHES:
            _run(name, ground)
    return 0


def _run(name: str, ground: Ground) -> None:
    print(f"{name}: load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", file=sys.stderr, flush=True)
    try:
        for figure in BENCHES[name](ground):
            print(figure.line(), flush=True)
    except NotMeasured as reason:
        print(f"{name} is not measured: {reason}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
