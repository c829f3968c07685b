"""The words of dates: months in seven languages, and time zones by name, by place and by their distance from UTC."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

# January to December: English, German, French, Spanish, Italian, Dutch, Portuguese; full and short, without accents.
NAMES_OF_MONTHS = (
    "january jan januar janner jaen janvier janv enero ene gennaio gen genn januari janeiro",
    "february feb febr februar feber fevrier fevr fev febrero febbraio febb februari fevereiro",
    "march mar marz maerz mrz mars marzo maart mrt marco",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag magg mei maio",
    "june jun juni juin junio giugno giu junho",
    "july jul juli juillet juil juill julio luglio lug julho",
    "august aug aout agosto ago augustus",
    "september sep sept septembre septiembre setiembre set settembre sett setembro",
    "october oct oktober okt octobre octubre ottobre ott outubro out",
    "november nov novembre noviembre novembro",
    "december dec dezember dez decembre diciembre dic dicembre dezembro",
)
MONTHS = {name: number for number, names in enumerate(NAMES_OF_MONTHS, start=1) for name in names.split()}

HOURS = {  # names of zones with one likely meaning, in hours from UTC
    **{"Z": 0, "UT": 0, "TU": 0, "UTC": 0, "GMT": 0, "WET": 0, "ZULU": 0},
    **{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},
    **{"AST": -4, "ADT": -3, "NST": -3.5, "NDT": -2.5, "AKST": -9, "AKDT": -8, "HST": -10, "BRT": -3, "ART": -3},
    **{"BST": 1, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "MET": 1, "MEST": 2, "EET": 2, "EEST": 3},
    **{"OEZ": 2, "OESZ": 3, "MSK": 3, "TRT": 3, "IDT": 3, "SAST": 2, "CAT": 2, "WAT": 1, "EAT": 3},
    **{"PKT": 5, "IST": 5.5, "WIB": 7, "SGT": 8, "HKT": 8, "PHT": 8, "AWST": 8, "JST": 9, "KST": 9},
    **{"ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13},
}
PLACES = {  # names of zones that are two by the season
    **{"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"},
    "UK": "Europe/London",
    **{"PACIFIC TIME": "America/Los_Angeles", "MOUNTAIN TIME": "America/Denver", "CENTRAL TIME": "America/Chicago"},
    **{"PACIFIC": "America/Los_Angeles", "MOUNTAIN": "America/Denver", "CENTRAL": "America/Chicago"},
    **{"EASTERN": "America/New_York", "EST5EDT": "America/New_York", "CST6CDT": "America/Chicago"},
    **{"MST7MDT": "America/Denver", "PST8PDT": "America/Los_Angeles"},
    **{"EASTERN TIME": "America/New_York", "UK TIME": "Europe/London", "LONDON TIME": "Europe/London"},
}
IN_FULL = {
    **dict.fromkeys(
        (
            "coordinated universal time",
            "koordinierte weltzeit",
            "temps universel coordonne",
            "tiempo universal coordinado",
            "hora universal coordinada",
            "tempo coordinato universale",
            "gecoordineerde wereldtijd",
            "horario universal coordenado",
            "hora coordenada universal",
        ),
        0,
    ),
    "greenwich mean time": 0,
    "british summer time": 1,
    **{"pacific standard time": -8, "pacific daylight time": -7, "mountain standard time": -7},
    **{"mountain daylight time": -6, "central standard time": -6, "central daylight time": -5},
    **{"eastern standard time": -5, "eastern daylight time": -4},
    "central european time": 1,
    "central european standard time": 1,
    "central european summer time": 2,
    "eastern european time": 2,
    "eastern european standard time": 2,
    "eastern european summer time": 3,
    "moscow standard time": 3,
    "india standard time": 5.5,
    "indian standard time": 5.5,
    "japan standard time": 9,
    "australian eastern standard time": 10,
    "australian eastern daylight time": 11,
    "mitteleuropaische zeit": 1,
    "mitteleuropaische normalzeit": 1,
    "mitteleuropaische sommerzeit": 2,
}
OFFSET = re.compile(
    r"(?:UTC|GMT)?\s*(?P<sign>[+-])\s?(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?::?00)?"
    r"(?:\s*[\[(][^\d\])]*[\])]|\s+[A-Za-z]{2,5}|\s+[+-]\d{2,4})?$",  # its name behind it: "+0200 (CEST)"
    re.IGNORECASE,
)
PLACE = re.compile(r"[A-Za-z_]{2,20}(?:/[A-Za-z0-9_+-]{2,30}){1,2}$")
BRACKETED = re.compile(r"[(\[]([^()\[\]]{1,60})[)\]]")
LAST_WORD = re.compile(r"(?:.*[\s_.,/-])?(?P<zone>(?:UTC|GMT|utc|gmt)(?:\s?[+-]\d{1,2}(?::?\d{2})?)?|[A-Z]{3,5})\s*$")
LAST_PLACE = re.compile(r".*[\s_.,:-](?P<zone>[A-Z][A-Za-z]{2,12}/[A-Z][A-Za-z_/]{2,25})$")
RUN_TOGETHER = re.compile(r".*[a-z](?P<zone>UTC|Utc|GMT|Gmt)$")
GO_CLOCK = re.compile(r"\s+m=[+-]?[\d.]+$")  # what Go prints of its monotonic clock
LAST_SMALL = re.compile(
    r".*_(?P<zone>cet|cest|est|edt|cst|cdt|mst|mdt|pst|pdt|ist|jst|bst|aest|aedt|sgt|hkt|kst|msk)\s*$", re.IGNORECASE
)
CITY = re.compile(  # "Berlin time", "Ortszeit Berlin", "hora de Madrid", "Sydney"
    r"(?:(?:local time|time|ortszeit|zeit|hora|heure|ora|tijd)(?: in| de| di| van|:|,)? )?(?P<city>[a-z_ ]{4,20}?)"
    r"(?: (?:local )?time| zeit| tijd)?$"
)
AREAS = ("Europe/", "America/", "Asia/", "Australia/", "Africa/", "Pacific/", "Atlantic/", "Indian/")
FARTHEST = 18  # hours that a zone can be from UTC


def folded(name: str) -> str:
    """A word in lower case without accents: "marz" for "März"."""
    if name.isascii():
        return name.lower()
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


def month_of(name: str) -> int | None:
    """The month that a name or its abbreviation stands for, from 1; None for any other word."""
    return MONTHS.get(folded(name))


@lru_cache(maxsize=512)
def zone_of(said: str) -> tzinfo | None:
    """The zone that a text names: "CET", "UTC+2", "GMT+05:30", "+0200 CEST", "Europe/Berlin", "ET". None for anything
    else."""
    bare = GO_CLOCK.sub("", said).replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-").strip()
    if bare[:1] in "([" and bare[-1:] in ")]":
        bare = bare[1:-1].strip()
    if (parts := OFFSET.match(bare)) is not None:
        return _away(parts)
    hours = HOURS.get(bare.upper(), IN_FULL.get(folded(bare)))
    if hours is not None:
        return UTC if hours == 0 else timezone(timedelta(hours=hours))
    place = PLACES.get(bare.upper(), bare)
    return _at(place) if PLACE.match(place) else None


def _away(parts: re.Match[str]) -> tzinfo | None:
    hours, minutes = int(parts["hours"]), int(parts["minutes"] or 0)
    if hours >= FARTHEST or minutes >= 60:
        return None
    distance = timedelta(hours=hours, minutes=minutes)
    return timezone(distance if parts["sign"] == "+" else -distance)


def _at(place: str) -> tzinfo | None:
    try:
        return ZoneInfo(place)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _of_city(said: str) -> tzinfo | None:
    """The zone of a city that one is called by: "Berlin time"."""
    found = CITY.match(folded(said.strip()))
    place = _cities().get(found["city"].replace(" ", "_")) if found else None
    return _at(place) if place else None


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    return {key.rpartition("/")[2].lower(): key for key in sorted(available_timezones()) if key.startswith(AREAS)}


def zone_in(name: str) -> tuple[tzinfo, str] | None:
    """The zone that a column's name gives, and the name without it: "Date" for "Date (UTC+2)", "Created" for
    "Created_UTC". None where it gives none."""
    for found in BRACKETED.finditer(name):
        if (zone := zone_of(found[1]) or _of_city(found[1])) is not None:
            return zone, f"{name[: found.start()]} {name[found.end() :]}".strip()
    last = LAST_WORD.match(name) or RUN_TOGETHER.match(name) or LAST_PLACE.match(name) or LAST_SMALL.match(name)
    if last and last.start("zone") and (zone := zone_of(last["zone"])) is not None:
        return zone, name[: last.start("zone")].strip(" _.,/-")
    return None
