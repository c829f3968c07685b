"""What people say, for benchmarks: real texts where the recorded files are, else texts of the same lengths."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from data.settings import ROOT

DEMO = Path(os.environ.get("HEARBACK_SHARED") or ROOT.parent / "shared") / "data" / "demo"
ONE_FILE = DEMO / "A_gplay_kids_cards.parquet"
SEED = 20261123


@dataclass(frozen=True, slots=True)
class Said:
    """One text with its stars, where there were any."""

    text: str
    rating: float | None = None


def real_texts() -> list[Said]:
    """Every text of the demo files, in a mixed order that is always the same; empty where they are not."""
    from pyarrow import parquet

    said = []
    for file in sorted(DEMO.glob("*.parquet")):
        columns = parquet.read_table(file, columns=["text", "rating"]).to_pydict()
        said += [Said(text, rating) for text, rating in zip(columns["text"], columns["rating"], strict=True) if text]
    random.Random(SEED).shuffle(said)
    return said


def made_up_texts(count: int = 20_000) -> list[Said]:
    """Sentences put together from a few parts, as long as reviews and posts are; half of them with stars."""
    chance = random.Random(SEED)
    return [_made_up(chance) for _ in range(count)]


def _made_up(chance: random.Random) -> Said:
    sentences = (
        f"{chance.choice(OPENINGS)} {chance.choice(THINGS)} {chance.choice(VERDICTS)}{chance.choice(ENDINGS)}"
        for _ in range(1 + int(chance.expovariate(0.7)))
    )
    rating = chance.choice([1, 1, 2, 3, 4, 5, 5, 5])
    return Said(" ".join(sentences), float(rating) if chance.random() < 0.5 else None)


OPENINGS = ("Honestly", "After two weeks", "To be fair,", "Hi,", "Update:", "For the third time now,", "My sister says")
THINGS = ("the app", "their support", "my last order", "the refund", "this update", "the delivery", "the new card")
VERDICTS = (
    "is great",
    "does not work",
    "never arrived",
    "was okay",
    "crashes all the time",
    "is a joke",
    "helped a lot",
)
ENDINGS = (".", "!", "!!", "?", " :(", " and I want my money back.", ", thanks.", " since Monday.")


def texts() -> list[Said]:
    """Real texts, or made-up ones where there are no real ones."""
    return real_texts() or made_up_texts()


def endless(said: list[Said]) -> Iterator[Said]:
    """The texts over and over, no two alike: each repetition ends in its number."""
    number = 0
    while True:
        for one in said:
            yield Said(f"{one.text} {number}" if number else one.text, one.rating)
        number += 1
