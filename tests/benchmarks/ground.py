"""What benchmarks stand on: their sizes, a folder for the time they run, texts, and the large store, made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import islice
from pathlib import Path

from data.models import Brand, Found, Mention
from data.scores.scorer import Judgement
from data.settings import Places
from data.setup import save_brands
from tests.benchmarks import million
from tests.benchmarks.texts import Said, endless, texts

OURS = Brand("Quillbeck", ("Quillbeck", "@quillbeckhelp"))
OTHERS = (
    Brand("Tandrel", ("Tandrel", "Tandrel Pay"), excluded=("Tandrel Street",)),
    Brand("Osmire", ("Osmire", "#osmire"), required=("app", "card", "account", "support"), competitor=True),
)
SPACING = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    absorbed: int = 100_000
    scored: int = 40_000
    read: int = 10_000
    words: int = 10_000  # of the long post
    stored: int = 1_000_000
    rounds: int = 5
    quick_rounds: int = 31  # of what takes milliseconds
    presses: int = 60
    listened: int = 4_000  # of each source
    intakes: int = 40  # that are pushed to, as often as one may be in a minute
    idle_seconds: float = 60.0
    labelled: int = 8  # sets


WHOLE = Sizes()
SMALL = Sizes(
    absorbed=2_000,
    scored=1_000,
    read=500,
    words=500,
    stored=20_000,
    rounds=1,
    quick_rounds=3,
    presses=5,
    listened=60,
    intakes=2,
    idle_seconds=0.5,
    labelled=1,
)


@dataclass
class Ground:
    """One run of benchmarks."""

    folder: Path
    sizes: Sizes = WHOLE
    _used: int = field(default=0, init=False)

    def room(self) -> Path:
        """A folder nothing has used yet."""
        self._used += 1
        room = self.folder / f"room-{self._used}"
        room.mkdir(parents=True)
        return room

    @cached_property
    def texts(self) -> list[Said]:
        """What people say."""
        return texts()

    @cached_property
    def judgement(self) -> Judgement:
        """The one the app works with."""
        from analysis import ranking
        from analysis.scoring import scoring

        return Judgement(ranking, scoring.score_line)

    @cached_property
    def _million(self) -> Places:
        places = Places(self.room())
        save_brands(places.setup, BRANDS)
        million.build(places.store, BRANDS, self.texts, self.judgement, self.sizes.stored)
        return places

    def million(self) -> Places:
        """A copy of the large store, with its setup.toml, to do with as one likes."""
        made, room = self._million, self.room()
        for file in (made.store, made.setup):
            shutil.copyfile(file, room / file.name)
        return Places(room)

    def mentions(self, count: int, brands: int = 1) -> Iterator[Found]:
        """Mentions as sources bring them: half name the first of `brands` in their words, a third stand on a brand's
        own page, the rest were found for a word that names nobody."""
        named = BRANDS[:brands]
        newest = datetime.now(UTC) - timedelta(hours=1)
        for n, said in enumerate(islice(endless(self.texts), count)):
            brand = named[n % len(named)]
            yield Found(
                Mention(
                    id=f"google_play:{n:x}-4c1e-8d2b" if n % 3 == 0 else f"reddit:t1_{n:07x}",
                    source="google_play" if n % 3 == 0 else "reddit",
                    kind="review" if n % 3 == 0 else "comment",
                    text=said.text if n % 3 == 0 or n % 6 == 5 else f"{said.text} {brand.terms[0]}",
                    published_at=newest - (count - n) * SPACING,
                    author=f"somebody {n * 7919 % max(1, count // 3)}",
                    url=f"https://example.com/{n}",
                    rating=said.rating,
                    engagement=n % 50,
                ),
                (brand.name,) if n % 3 == 0 else (),
            )


BRANDS = (OURS, *OTHERS)
