"""X's search queries: a brand's terms, quoted so that none is read as an operator, within X's limit of length."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from data.folding import plain
from data.models import Brand

LONGEST_QUERY = 512  # characters that self-serve access allows
LONGEST_EXTRA = 200  # of these, at most so many for required and excluded words
HANDLE = re.compile(r"@\w{1,15}", re.ASCII)
TAG = re.compile(r"#\w+")
WORD = re.compile(r"\w+")


def queries(brand: Brand, but_from: str | None = None) -> list[str]:
    """A brand's terms as few queries, each short enough for X. `but_from`: a handle whose own posts are left out.

    Required and excluded words save money only, because each item is matched again after it arrives; they are left out
    where they would be too long.
    """
    alternatives = [one for term in brand.terms if (one := _spelled(term))]
    extra = _extra(brand, but_from)
    full: list[str] = []
    for one in dict.fromkeys(alternatives):
        if full and length(_whole(f"{full[-1]} OR {one}", extra)) <= LONGEST_QUERY:
            full[-1] += f" OR {one}"
        elif length(_whole(one, extra)) <= LONGEST_QUERY:
            full.append(one)
        else:  # a very long term: search for its first words; the whole term is matched after the posts arrive
            full.append(_phrase(one.strip('"')[: LONGEST_QUERY - length(_whole("", extra)) - 2].rsplit(" ", 1)[0]))
    return [_whole(one, extra) for one in full]


def length(query: str) -> int:
    """A query's length as X counts it, in UTF-16 code units."""
    return len(query.encode("utf-16-le", "surrogatepass")) // 2


def mentioning(handle: str) -> str:
    """The query for posts that name an account."""
    return f"@{handle} -is:retweet"


def _whole(alternatives: str, extra: str) -> str:
    return f"({alternatives}){extra}"


def _extra(brand: Brand, but_from: str | None) -> str:
    fixed = " -is:retweet" + (f" -from:{but_from}" if but_from else "")
    beside = " OR ".join(one for word in brand.required if (one := _spelled(word)))
    if beside and length(beside) <= LONGEST_EXTRA:
        fixed = f" ({beside})" + fixed
    for word in map(plain, brand.excluded):
        # X ignores accents and we do not: excluding "café" there would also lose "cafe".
        unwanted = f" -{_phrase(word)}" if word.isascii() and word.strip() else ""
        if length(fixed + unwanted) <= LONGEST_EXTRA * 1.5:
            fixed += unwanted
    return fixed


def _spelled(term: str) -> str:
    """A term with its handle and hashtag, in which X does not find the plain word."""
    term = plain(term)
    words = term.split()
    run = "".join(words)
    if HANDLE.fullmatch(run) or TAG.fullmatch(run):
        return run
    spellings = [_phrase(term)] if _phrase(term) != '""' else []
    if spellings and WORD.fullmatch(run):
        spellings.append(f"#{run}")
        spellings += [f"@{run}"] if HANDLE.fullmatch(f"@{run}") else []
    return " OR ".join(spellings)


def _phrase(term: str) -> str:
    return '"' + " ".join(re.sub(r'["\\]', " ", term).split()) + '"'


def each(brands: Sequence[Brand], but_from: str | None) -> Iterable[tuple[Brand, str]]:
    """Each brand with each of its queries. Brands share no query, so that a change to one is paid for that one only."""
    for brand in brands:
        for query in queries(brand, but_from):
            yield brand, query
