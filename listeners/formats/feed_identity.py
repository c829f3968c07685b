"""Which entry of a feed is which: entries may share a guid or a link, and an edited one is still itself."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

Face = tuple[str, ...]  # what tells entries of one key apart, each part a short hash or "": address, title, date, text


class Told(NamedTuple):
    """An entry as it is told apart. `key`: a hash of its guid or link, which others may share. The face's address is
    the other of the two."""

    key: str
    face: Face = ()


@dataclass
class Identities:
    """What a feed is remembered by. `held`: the entries of the last run by id; `shared`: the keys that several entries
    had at some time."""

    held: Mapping[str, Told] = field(default_factory=dict)
    shared: Collection[str] = ()

    def ids(self, entries: Sequence[Told]) -> list[str]:
        """An id for each entry of one document: that of the held entry that it is, else a new one. Only entries that
        agree in everything get the same id."""
        of_key = defaultdict(list)
        for place, told in enumerate(entries):
            of_key[told.key].append(place)
        ids = [""] * len(entries)
        for key, places in of_key.items():
            for place, made in self._of_one_key(key, [entries[place] for place in places]):
                ids[places[place]] = made
        return ids

    def _of_one_key(self, key: str, entries: Sequence[Told]) -> Iterator[tuple[int, str]]:
        held = {id: told for id, told in self.held.items() if told.key == key}
        faces = {told.face for told in entries}
        is_shared = key in self.shared or len(faces) > 1
        given = dict(_exact(held, faces))
        for told in entries:
            if told.face not in given:
                rest = {id: one for id, one in held.items() if id not in given.values()}
                group = [*(one.face for one in held.values()), *faces] if is_shared else ()
                same = [id for id, one in rest.items() if _is_same(told, one, group)]
                # With two to choose from, either choice may turn one entry into another.
                given[told.face] = same[0] if len(same) == 1 else _new(told, is_alone=not (is_shared or held))
        return ((place, given[told.face]) for place, told in enumerate(entries))

    def now_shared(self, entries: Sequence[Told], ids: Sequence[str]) -> list[str]:
        """The keys that several entries had until now; `ids`: those of `entries`."""
        ids_of = defaultdict(set)
        for id, told in [*self.held.items(), *zip(ids, entries, strict=True)]:
            ids_of[told.key].add(id)
        return sorted({*self.shared, *(key for key, found in ids_of.items() if len(found) > 1)})


def _exact(held: Mapping[str, Told], faces: Collection[Face]) -> Iterator[tuple[Face, str]]:
    for id, told in held.items():
        if told.face in faces:
            yield told.face, id


def _is_same(told: Told, held: Told, group: Sequence[Face]) -> bool:
    """Whether an entry is the held one, edited: at most one of address, title and date differs, and another agrees. In
    a `group` of several entries, what all have in common tells nothing."""
    if not held.face:  # noted by an earlier version, without a face
        return True
    parts = [part for part in range(3) if not group or len({face[part] for face in group if face}) > 1]
    both = [(told.face[part], held.face[part]) for part in parts if told.face[part] and held.face[part]]
    equal = sum(one == other for one, other in both)
    return equal > 0 and len(both) - equal <= 1


def _new(told: Told, *, is_alone: bool) -> str:
    return told.key if is_alone else digest(repr((told.key, told.face)))


def digest(said: str) -> str:
    """16 hexadecimal digits of a text's hash."""
    return hashlib.sha1(said.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()[:16]
