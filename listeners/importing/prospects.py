"""Tells what will become of a file's mentions: which will be in the reply queue, and why the others will not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from data.folding import key
from data.matching import is_about, searched
from data.models import Answer, Brand, Found, Mention


@dataclass(frozen=True, slots=True)
class Prospects:
    """How many mentions will be in the queue; are answered already; were edited after that answer; are too old to
    answer; are about competitors only; match no brand."""

    in_queue: int = 0
    answered: int = 0
    edited: int = 0  # open again where the store knows them with more stars or other words
    too_old: int = 0
    of_competitors: int = 0
    of_nobody: int = 0
    unnamed: int = 0  # mentions whose rows name no brand, wherever they go

    def __add__(self, other: Prospects) -> Prospects:
        return Prospects(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(slots=True)
class Outlook:
    """Tells the prospects of mentions. `listed`: the brands that are set up; `now`: when the mentions come in."""

    listed: Sequence[Brand]
    now: datetime
    _ours: dict[tuple[str, ...], tuple[Brand, ...]] = field(default_factory=dict)  # names -> the brands that are ours
    _oldest: dict[tuple[int, str, bool], datetime] = field(default_factory=dict)
    _hints: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, found: Iterable[Found], answers: Iterable[Answer], named: Sequence[Brand]) -> Prospects:
        """The prospects of mentions and the brand's answers to them. `named`: the brands that the file names."""
        known = {key(one.name): one for one in (*named, *self.listed)}  # what is set up stands above what is named
        answered: dict[str, datetime] = {}
        for answer in answers:
            answered[answer.mention_id] = max(answer.answered_at, answered.get(answer.mention_id, answer.answered_at))
        counts = dict.fromkeys(Prospects.__slots__, 0)
        for one in found:
            counts["unnamed"] += not one.brands
            ours = self._named_ours(one.brands, known)
            about = () if ours else self._brands_in(one.mention, known.values())
            ours = ours or self._named_ours(tuple(brand.name for brand in about), known)
            if not ours:
                counts["of_competitors" if one.brands or about else "of_nobody"] += 1
            elif at := answered.get(one.mention.id):
                counts["edited" if one.mention.edited_at and one.mention.edited_at > at else "answered"] += 1
            else:
                counts["too_old" if self._is_too_old(one.mention, ours) else "in_queue"] += 1
        return Prospects(**counts)

    def _named_ours(self, names: tuple[str, ...], known: dict[str, Brand]) -> tuple[Brand, ...]:
        if names not in self._ours:
            self._ours[names] = tuple(one for name in names if not (one := known[key(name)]).competitor)
        return self._ours[names]

    def _is_too_old(self, mention: Mention, ours: tuple[Brand, ...]) -> bool:
        is_review = mention.rating is not None or mention.kind == "review"
        case = id(ours), mention.source, is_review  # kept in `_ours`; to hash brands takes longer than all the rest
        if case not in self._oldest:
            days = max(brand.old_after_days(mention.source, is_review=is_review) for brand in ours)
            self._oldest[case] = self.now - timedelta(days=days)
        return mention.published_at < self._oldest[case]

    def _brands_in(self, mention: Mention, brands: Collection[Brand]) -> list[Brand]:
        """The brands that a mention's words name."""
        words = searched(mention.title, mention.text)
        # A key takes longer than all the rest; in plain ASCII nothing but these is typed in two ways.
        folded = words.lower().replace("`", "'") if words.isascii() else key(words)
        return [brand for brand in brands if self._may_be(brand, folded) and is_about(brand, words)]

    def _may_be(self, brand: Brand, folded: str) -> bool:
        """Whether a text can name a brand at all: a quick look for the first word of each term."""
        if brand.name not in self._hints:
            self._hints[brand.name] = tuple(words[0] for term in brand.terms if (words := key(term).split()))
        return any(hint in folded for hint in self._hints[brand.name])
