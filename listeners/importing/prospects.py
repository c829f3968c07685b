"""Tells what will become of a file's mentions: which will be in the reply queue, and why the others will not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from data.folding import key
from data.matching import is_about, searched
from data.models import Answer, Brand, Found, Mention


@dataclass(frozen=True, slots=True)
class Prospects:
    """How many mentions will be in the queue; are answered already; are about competitors only; match no brand."""

    in_queue: int = 0
    answered: int = 0
    of_competitors: int = 0
    of_nobody: int = 0
    unnamed: int = 0  # mentions whose rows name no brand, wherever they go

    def __add__(self, other: Prospects) -> Prospects:
        return Prospects(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(slots=True)
class Outlook:
    """Tells the prospects of mentions. `listed`: the brands that are set up."""

    listed: Sequence[Brand]
    _ours: dict[tuple[str, ...], bool] = field(default_factory=dict)  # named brands -> whether one of them is ours
    _hints: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, found: Iterable[Found], answers: Iterable[Answer], named: Sequence[Brand]) -> Prospects:
        """The prospects of mentions and the brand's answers to them. `named`: the brands that the file names."""
        known = {key(one.name): one for one in (*named, *self.listed)}  # what is set up stands above what is named
        answered = {answer.mention_id for answer in answers}
        counts = dict.fromkeys(Prospects.__slots__, 0)
        for one in found:
            is_ours = self._is_ours(one.brands, known) if one.brands else None
            counts["unnamed"] += is_ours is None
            if not is_ours and (about := self._brands_in(one.mention, known.values())):
                is_ours = any(not brand.competitor for brand in about)
            if is_ours:
                counts["answered" if one.mention.id in answered else "in_queue"] += 1
            else:
                counts["of_nobody" if is_ours is None else "of_competitors"] += 1
        return Prospects(**counts)

    def _is_ours(self, names: tuple[str, ...], known: dict[str, Brand]) -> bool:
        if names not in self._ours:
            self._ours[names] = any(not known[key(name)].competitor for name in names)
        return self._ours[names]

    def _brands_in(self, mention: Mention, brands: Collection[Brand]) -> list[Brand]:
        """The brands that a mention's words name."""
        words = searched(mention.title, mention.text)
        folded = key(words)
        return [brand for brand in brands if self._may_be(brand, folded) and is_about(brand, words)]

    def _may_be(self, brand: Brand, folded: str) -> bool:
        """Whether a text can name a brand at all: a quick look for the first word of each term."""
        if brand.name not in self._hints:
            self._hints[brand.name] = tuple(words[0] for term in brand.terms if (words := key(term).split()))
        return any(hint in folded for hint in self._hints[brand.name])
