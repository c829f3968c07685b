"""Weekly figures from counted mentions: the weeks to show, sentiment, volume, share of voice, answers, headlines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from data.models import Sentiment

if TYPE_CHECKING:
    from data.analytics.trends import Answers, Tally

WEEK = timedelta(weeks=1)
OLD = 4 * WEEK  # with nothing newer than this, the weeks shown end where the mentions do
FEW_MENTIONS = 30  # a share of fewer says more about chance than about the brand
FEW_ANSWERS = 10  # and so does a median of fewer


@dataclass(frozen=True, slots=True)
class Period:
    """Weeks to show, each by its Monday, oldest first and without a gap. Mentions are known from `known_since` to
    `known_until`. `is_past`: the period ends with the newest mention, since that is older than OLD."""

    weeks: tuple[date, ...]
    known_since: datetime
    known_until: datetime
    is_past: bool

    @property
    def since(self) -> datetime:
        """The first instant in it."""
        return _midnight(self.weeks[0])

    @property
    def until(self) -> datetime:
        """The first instant after it."""
        return _midnight(self.weeks[-1] + WEEK)

    def is_whole(self, week: date) -> bool:
        """Whether all of a week is known: it is over, and it began no earlier than the first mention's day."""
        return self.known_since <= _midnight(week) and _midnight(week + WEEK) <= self.known_until

    @property
    def whole(self) -> list[int]:
        """The positions of the weeks that are whole."""
        return [place for place, week in enumerate(self.weeks) if self.is_whole(week)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def monday(instant: datetime) -> date:
    """The Monday of an instant's week, in UTC."""
    day = instant.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def period(tallies: Iterable[Tally], length: int | None, now: datetime) -> Period | None:
    """The latest `length` weeks (None: all of them), none from before our oldest mention; the running week is the last
    of them. None when there is no mention of ours."""
    ours = [tally for tally in tallies if not tally.competitor]
    if not ours:
        return None
    since = _midnight(min(tally.oldest_at for tally in ours).astimezone(UTC).date())
    newest = max(tally.newest_at for tally in ours)
    is_past = now - newest > OLD
    last = max(monday(since), monday(newest if is_past else now))
    first = monday(since) if length is None else max(monday(since), last - (length - 1) * WEEK)
    until = _midnight(newest.astimezone(UTC).date() + timedelta(days=1)) if is_past else now
    weeks = tuple(first + step * WEEK for step in range((last - first) // WEEK + 1))
    return Period(weeks, since, until, is_past)


def of_ours(tallies: Iterable[Tally], brand: str | None, sources: frozenset[str]) -> list[tuple[Tally, int]]:
    """The tallies of our own brands that the filters let through, each with its number of mentions. Without `brand` a
    mention that names several of our brands counts once; no `sources` lets all through."""
    return [
        (tally, tally.mentions if brand else tally.once)
        for tally in _from(tallies, sources)
        if not tally.competitor and brand in (None, tally.brand)
    ]


def _from(tallies: Iterable[Tally], sources: frozenset[str]) -> Iterable[Tally]:
    return (tally for tally in tallies if not sources or tally.source in sources)


def share(part: float, whole: float) -> float | None:
    """`part` in percent of `whole`; None where `whole` is 0."""
    return 100 * part / whole if whole else None


@dataclass(frozen=True, slots=True)
class Mood:
    """The sentiments of one week's mentions of us; those in other languages, without stars, are `unjudged`. Shares are
    in percent of those judged and None without one."""

    week: date
    negative: int = 0
    neutral: int = 0
    positive: int = 0
    unjudged: int = 0

    @property
    def judged(self) -> int:
        """Those that have a sentiment."""
        return self.negative + self.neutral + self.positive

    @property
    def mentions(self) -> int:
        """All of them."""
        return self.judged + self.unjudged

    @property
    def negative_share(self) -> float | None:
        """Negative mentions in percent of those judged."""
        return share(self.negative, self.judged)

    @property
    def net(self) -> float | None:
        """Net sentiment: positive minus negative in percent of those judged, from -100 to 100."""
        return share(self.positive - self.negative, self.judged)


def moods(counted: Iterable[tuple[Tally, int]], weeks: Sequence[date]) -> list[Mood]:
    """One mood for each week."""
    found: Counter[tuple[date, Sentiment | None]] = Counter()
    for tally, mentions in counted:
        found[tally.week, tally.sentiment] += mentions
    return [Mood(week, *(found[week, sentiment] for sentiment in (*Sentiment, None))) for week in weeks]


def volumes(
    counted: Iterable[tuple[Tally, int]], weeks: Sequence[date], called: Callable[[str], str] = str
) -> dict[str, list[int]]:
    """Mentions per week for each source, the source with most of them first. `called`: the name to count it under."""
    found: Counter[tuple[str, date]] = Counter()
    for tally, mentions in counted:
        found[called(tally.source), tally.week] += mentions
    return _largest_first({name: [found[name, week] for week in weeks] for name in {name for name, _ in found}})


def _largest_first(series: dict[str, list[int]]) -> dict[str, list[int]]:
    names = sorted(series, key=lambda name: (-sum(series[name]), name))
    return {name: series[name] for name in names if any(series[name])}


@dataclass(frozen=True, slots=True)
class Voices:
    """How many mentions name each brand in each week, our brands and competitors, each with the most named first; a
    mention that names two brands counts for both."""

    ours: dict[str, list[int]]
    competitors: dict[str, list[int]]

    @property
    def totals(self) -> list[int]:
        """The namings of all brands in each week: the whole of a share of voice."""
        return [sum(counts) for counts in zip(*self.ours.values(), *self.competitors.values(), strict=True)]


def voices(tallies: Iterable[Tally], weeks: Sequence[date], brand: str | None, sources: frozenset[str]) -> Voices:
    """The namings of our brands, or of `brand` alone, and of every competitor in these weeks."""
    found: Counter[tuple[bool, str, date]] = Counter()
    for tally in _from(tallies, sources):
        if tally.competitor or brand in (None, tally.brand):
            found[tally.competitor, tally.brand, tally.week] += tally.mentions
    sides: dict[bool, dict[str, list[int]]] = {False: {}, True: {}}
    for competitor, name in {(competitor, name) for competitor, name, _ in found}:
        sides[competitor][name] = [found[competitor, name, week] for week in weeks]
    return Voices(_largest_first(sides[False]), _largest_first(sides[True]))


@dataclass(frozen=True, slots=True)
class Response:
    """How one week's mentions were answered. Hours are None where no answer has a time; shares are in percent.
    `mentions`: but those that were too old to answer when they came in, `old`; `within`: the target."""

    week: date
    mentions: int
    answered: int = 0
    early: int = 0  # dated before the mention: answered, but nobody knows how soon
    within: int = 0
    median_hours: float | None = None
    mean_hours: float | None = None
    old: int = 0

    @property
    def timed(self) -> int:
        """Answers whose time is known."""
        return self.answered - self.early

    @property
    def answered_share(self) -> float | None:
        """Answered mentions in percent of all."""
        return share(self.answered, self.mentions)

    @property
    def within_share(self) -> float | None:
        """Mentions answered within the target, in percent of all but the `early` ones."""
        return share(self.within, self.mentions - self.early)


def responses(answers: Iterable[Answers], moods: Iterable[Mood]) -> list[Response]:
    """One response for each mood, of the same week."""
    found = {one.week: one for one in answers}
    return [_response(mood, found.get(mood.week)) for mood in moods]


def _response(mood: Mood, one: Answers | None) -> Response:
    if one is None:
        return Response(mood.week, mood.mentions)
    return Response(
        mood.week,
        mood.mentions - one.old,
        one.answered,
        one.early,
        one.within,
        one.median_hours,
        one.mean_hours,
        one.old,
    )


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure of the last full week and its change from the week before, in the figure's own unit. `instead`: why
    one of them is None, in words."""

    value: float | None
    change: float | None
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Headlines:
    """The four figures above the charts, and the Monday of their week."""

    week: date
    mentions: Headline
    negative_share: Headline
    net: Headline
    median_hours: Headline


def headlines(moods: Sequence[Mood], responses: Sequence[Response], shown: Period) -> Headlines | None:
    """The headlines of the last full week beside the one before; None while no week is full."""
    if not shown.whole:
        return None
    last = shown.whole[-1]
    told = [last - 1, last] if last - 1 in shown.whole else [last]
    weeks = [(moods[place], responses[place]) for place in told]
    return Headlines(
        moods[last].week,
        _headline([(float(mood.mentions), "") for mood, _ in weeks]),
        _headline([(mood.negative_share, _lack(mood.judged)) for mood, _ in weeks]),
        _headline([(mood.net, _lack(mood.judged)) for mood, _ in weeks]),
        _headline([(response.median_hours, _lack(mood.mentions, response)) for mood, response in weeks]),
    )


def _headline(weeks: Sequence[tuple[float | None, str]]) -> Headline:
    """`weeks`: the week before where there is one, then the week told of; each a value and why it says too little."""
    value, lack = weeks[-1]
    if lack or value is None:
        return Headline(None, None, f"too few to say: {lack}")
    if len(weeks) == 1:
        return Headline(value, None, "no full week before")
    before, lack_before = weeks[0]
    if lack_before or before is None:
        return Headline(value, None, f"too few the week before: {lack_before}")
    return Headline(value, value - before)


def _lack(mentions: int, response: Response | None = None) -> str:
    """What there is too little of; empty where there is enough."""
    if mentions < FEW_MENTIONS:
        return _counted(mentions, "mention")
    if response and response.timed < FEW_ANSWERS:
        return _counted(response.timed, "answer")
    return ""


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
