"""Finds the list of posts in a JSON object, however deep it lies, and tells which other posts are not read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from listeners.importing.mapping.columns import ColumnMapping, guess
from listeners.importing.mapping.nests import thread_within
from listeners.importing.mapping.responses import nest_of
from listeners.importing.mapping.shapes import plain
from listeners.importing.mapping.synonyms import SYNONYMS, WRAPPERS

TRIED = 50  # items that tell whether a list is one of posts
DEEPEST = 6  # objects within objects that are opened up
BESIDE = frozenset(  # what stands beside the posts, and is none
    (
        *("users", "people", "authors", "accounts", "agents", "members", "profiles", "customers", "organizations"),
        *("groups", "notes", "errors", "warnings", "included", "includes", "media", "places", "links", "meta", "tags"),
        *("contacts", "teams", "channels", "attachments", "images", "videos", "photos", "urls", "entities", "logs"),
    )
)
ALL_BESIDE = frozenset(("included", "includes", "errors", "meta"))  # whatever lies within them is none, either
POSTS = frozenset(
    (
        *("posts", "reviews", "tweets", "statuses", "mentions", "tickets", "conversations", "messages", "feedback"),
        *("data", "items", "results", "records", "rows", "entries", "hits", "documents", "list", "edges", "nodes"),
    )
)
ANSWERS = frozenset(("comments", "replies", "responses", "answers", "descendants", "children", "quotes"))
# Lists of the brand's own replies to a review; the first stands for all. The last ones are that of reviews only.
OWN_REPLIES = frozenset(
    f"{who}{what}"
    for who in (
        "owner",
        "developer",
        "company",
        "business",
        "merchant",
        "seller",
        "management",
        "hotel",
        "host",
        "brand",
    )
    for what in ("reply", "replies", "response", "responses", "answer", "answers")
)
REPLIES = frozenset(("reply", "replies", "response", "responses", "answer", "answers"))
SCORES = frozenset(("rating", "stars", "starrating", "reviewrating", "score"))
WORDS = frozenset(("content", "text", "body", "review", "message"))
NAMES = frozenset(("name", "displayname", "brand", "company"))  # what tells whose rows lie within an object
# Names of what belongs together: an object with these holds parts of one thing.
KNOWN = {one for names in SYNONYMS.values() for one in names.split()} | WRAPPERS | ANSWERS | POSTS | BESIDE
FEW = 1  # objects, each under a name of its own, are no list
Object = dict[str, Any]
Holder = tuple[str, Object] | None  # an item of another list, with that list's name


class InnerObjects(NamedTuple):
    """What objects hold under one name: `rows`, each with the item of another list that it lies in."""

    path: tuple[str, ...]
    rows: list[Object]
    holders: list[Holder]
    is_list: bool
    is_reply: bool = False


def rows_of(value: Object) -> list[Object]:
    """The rows of an object: its posts, or itself where it holds no list of objects."""
    if nest := nest_of(value):
        return list(nest.rows(value))
    return rows_within(value) or [value]


def rows_within(value: Object) -> list[Object]:
    """The rows of the list of posts in an object: people, notes and errors beside it are none. Where no list reads as
    one of posts, the rows of the longest; empty where there is no list of objects, or the object is itself a post."""
    if thread := _thread(value) or _by_name(value):
        return thread
    if resource := _resource(value):
        return _joined([resource], value)
    lists = list(_lists(value))
    best = _best(lists)
    itself = _reading([value])
    if best is None:
        longest = max(lists, key=lambda one: (not _is_beside(one), -len(one.path), len(one.rows)), default=None)
        return [] if longest is None or _has_text(itself) else _told(longest)
    rows = _told(best)
    if _has_text(itself) and best.path[-1].casefold() in ANSWERS:
        rows = [_post_of(value, itself, best.path[0]), *_answering(rows, value, itself)]
    return _joined(rows, value)


def left_within(value: Object, *, is_row: bool = False) -> Iterator[tuple[str, int]]:
    """What else in an object reads as posts and is not read, as a sentence goes on, and how many. `is_row`: the object
    itself is read, and none of its lists."""
    if nest := nest_of(value):
        yield from nest.left(value)
    elif not (_thread(value) or _by_name(value)):
        lists = list(_lists(value))
        best = None if is_row else _best(lists)
        for other in lists:
            is_other = other is not best and not other.is_reply and other.path[-1].casefold() not in BESIDE
            if is_other and _has_text(_reading(other.rows)):
                yield f"“{'.'.join(other.path)}”, which reads as posts, too", len(other.rows)


def path_of_posts(value: object) -> tuple[str, ...] | None:
    """Where the posts lie in an object that is itself none; None for any other."""
    if isinstance(value, dict) and _resource(value):
        return ("data",)
    if not isinstance(value, dict) or _reading([value]).missing is None:
        return None
    best = _best(list(_lists(value)))
    return best.path if best else None


def rows_at(value: object, path: Sequence[str]) -> list[object]:
    """The rows that an object holds at a path; itself where it has none."""
    found = InnerObjects((), [value], [None], is_list=False) if isinstance(value, dict) else None
    for name in path:
        found = found and _inner(found, name)
    return list(_joined(_told(found), value)) if found and isinstance(value, dict) else [value]


def opened(value: Mapping[str, Any], depth: int = DEEPEST) -> Object:
    """An object with the objects within it opened up; their names are joined by dots. Of the brand's replies to a
    review the first one is opened up, as its reply; so is a single comment on a review."""
    cells: Object = {}
    for name, inner in value.items():
        if isinstance(inner, dict) and plain(name) == "comment" and _is_review(value):
            name = "reply"  # noqa: PLW2901
        if isinstance(inner, list) and _is_reply(name, value) and (replies := _objects(inner)):
            name, inner = "reply", replies[0]  # noqa: PLW2901
        if isinstance(inner, dict) and depth:
            cells.update({f"{name}.{below}": cell for below, cell in opened(inner, depth - 1).items()})
        else:
            cells[name] = inner
    return cells


def _thread(value: Object) -> list[Object]:
    """A thread in its order: what a post answers, the post itself where it is there, and the answers to it."""
    return list(chain.from_iterable(thread_within(value, _has_both_lists, _posts_beside) or ()))


def _has_both_lists(value: Mapping[str, Any]) -> bool:
    return isinstance(value["ancestors"], list) and isinstance(value["descendants"], list)


def _posts_beside(value: Mapping[str, Any], name: str) -> list[Object]:
    """The object without what lies under a name, where that is a post; else the posts in it."""
    rest = {other: one for other, one in value.items() if other != name}
    own = {other: one for other, one in rest.items() if not isinstance(one, dict | list)}
    if _has_text(_reading([own])):
        return [rest]
    return [one for one in rest.values() if isinstance(one, dict) and _has_text(_reading([one]))]


def _by_name(value: object) -> list[Object]:
    """The rows of an object that holds nothing else, each under its id, or each column under its name and each cell
    under its row's number; none of any other."""
    named: Object = value if isinstance(value, dict) else {}
    inner = list(named.values())
    if len(inner) <= FEW or not all(isinstance(one, dict) and one for one in inner):
        return []
    if all(name.isdecimal() for name in inner[0]) and all(one.keys() == inner[0].keys() for one in inner):
        rows = [{column: cells[row] for column, cells in named.items()} for row in inner[0]]
    elif set.intersection(*map(set, inner)) and not any(plain(name) in KNOWN for name in named):
        rows = [{"id": name, **one} for name, one in named.items()]
    else:
        return []
    return rows if _has_text(_reading(rows)) else []


def _lists(value: Object) -> Iterator[InnerObjects]:
    """The lists of objects within an object, those higher up first."""
    level = [InnerObjects((), [value], [None], is_list=False)]
    for _ in range(DEEPEST):
        below = []
        for outer in level:
            for name in dict.fromkeys(chain.from_iterable(outer.rows[:TRIED])):
                if (found := _inner(outer, name)) is not None:
                    below.append(found)
        yield from (one for one in below if one.is_list)
        level = below


def _inner(outer: InnerObjects, name: str) -> InnerObjects | None:
    """What objects hold under a name, where that is objects or lists of them."""
    if not any(isinstance(one.get(name), dict | list) for one in outer.rows[:TRIED]):
        return None
    is_list = any(isinstance(inner := one.get(name), list) or _by_name(inner) for one in outer.rows)
    is_reply = any(_is_reply(name, one) for one in outer.rows[:TRIED])
    found = InnerObjects((*outer.path, name), [], [], is_list, is_reply)
    for one, holder in zip(outer.rows, outer.holders, strict=True):
        inner = one.get(name)
        rows = _by_name(inner) or [inner] if isinstance(inner, dict) else _objects(inner)
        found.rows.extend(rows)
        found.holders.extend([(outer.path[-1], one) if outer.is_list else holder] * len(rows))
    return found if found.rows else None


def _is_reply(name: str, within: Mapping[str, Any]) -> bool:
    """Whether a list holds the brand's replies to what it lies in."""
    called = plain(name)
    return called in OWN_REPLIES or (called in REPLIES and any(plain(one) in SCORES for one in within))


def _is_review(value: Mapping[str, Any]) -> bool:
    """Whether an object has a score and words of its own."""
    names = set(map(plain, value))
    return not names.isdisjoint(SCORES) and not names.isdisjoint(WORDS)


def _best(lists: Sequence[InnerObjects]) -> InnerObjects | None:
    """The list of posts; the first one of words before one of titles only, of answers last."""
    read = [(one, _reading(one.rows)) for one in lists if not (one.is_reply or _is_beside(one))]
    posts = [(one, reading) for one, reading in read if reading.missing is None]
    best = min(posts, key=lambda pair: (not _has_text(pair[1]), *_place(pair[0])), default=None)
    return best[0] if best else None


def _place(found: InnerObjects) -> tuple[bool, int, bool]:
    name = found.path[-1].casefold()
    return name in ANSWERS, len(found.path), name not in POSTS


def _is_beside(found: InnerObjects) -> bool:
    names = [name.casefold() for name in found.path]
    return names[-1] in BESIDE or not ALL_BESIDE.isdisjoint(names)


def _objects(value: object) -> list[Object]:
    """The objects of a list of nothing else; none for any other value."""
    return value if isinstance(value, list) and all(isinstance(one, dict) for one in value) else []


def _reading(rows: Sequence[Object]) -> ColumnMapping:
    """How the columns of some objects would be read."""
    flat = [opened(row) for row in rows[:TRIED]]
    header = tuple(dict.fromkeys(name for row in flat for name in row))
    return guess(header, [[row.get(name) for name in header] for row in flat])


def _has_text(reading: ColumnMapping) -> bool:
    return reading.missing is None and "text" in reading.columns


def _told(found: InnerObjects) -> list[Object]:
    """The rows with the name of what they lie in: that of a company beside each of its reviews."""
    return [{**row, **_names(holder)} if holder else row for row, holder in zip(found.rows, found.holders, strict=True)]


def _names(holder: Holder) -> Object:
    name, item = holder or ("", {})
    single = f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")
    if plain(single) in WRAPPERS:
        return {}
    return {f"{single}.{key}": one for key, one in item.items() if plain(key) in NAMES and isinstance(one, str)}


def _post_of(value: Object, itself: ColumnMapping, beside: str) -> Object:
    """The post in an object: what lies under one name, where all of it does; else the object without the answers."""
    names = {column.split(".")[0] for column in itself.columns.values()}
    inner = value.get(names.pop()) if len(names) == 1 else None
    return inner if isinstance(inner, dict) else {name: one for name, one in value.items() if name != beside}


def _answering(rows: Sequence[Object], value: Object, itself: ColumnMapping) -> Iterator[Object]:
    """The answers to an object that is a post, with its id, where they do not say themselves what they answer."""
    own = opened(value).get(itself.columns.get("native_id", ""))
    is_said = own is None or "parent_id" in _reading(rows).columns
    yield from (row if is_said else {**row, "parent_id": own} for row in rows)


def _resource(value: Object) -> Object | None:
    """The row of JSON:API in an object that holds a single one; None in any other."""
    one = value.get("data")
    return one if isinstance(one, dict) and {"type", "attributes"} <= one.keys() else None


def _joined(rows: Sequence[Object], value: Object) -> list[Object]:
    """Rows of JSON:API with what their relationships point to in the object's "included", and with what there points
    to them: {"response": the attributes of the response}."""
    included = _objects(value.get("included"))
    if not included:
        return list(rows)
    known = {_key(one): one for one in included}
    pointing: dict[object, Object] = {}
    for one in included:
        for _, target in _targets(one):
            name = "response" if "response" in str(one.get("type")).casefold() else str(one.get("type"))
            pointing.setdefault(_key(target), {}).setdefault(name, one.get("attributes"))
    found = []
    for row in rows:
        parts = {name: known[_key(target)].get("attributes") for name, target in _targets(row) if _key(target) in known}
        found.append({**row, **pointing.get(_key(row), {}), **parts})
    return found


def _key(one: Mapping[str, Any]) -> tuple[str, str]:
    return str(one.get("type")), str(one.get("id"))


def _targets(one: Object) -> Iterator[tuple[str, Object]]:
    relations = one.get("relationships")
    for name, relation in (relations if isinstance(relations, dict) else {}).items():
        target = relation.get("data") if isinstance(relation, dict) else None
        for single in [target] if isinstance(target, dict) else _objects(target)[:1]:
            yield name, single
