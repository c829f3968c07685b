"""Laws of names: the trade's words, one meaning each, and a sentence on top of every module."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from tests.laws.code import Source, example, hold, modules_of_tests, sources

VAGUE = re.compile(r"(^|_)(utils?|helpers?|manager|service|processor|df|info|obj)($|_)")
# Words of our own for which the trade has one: the word, and what to say instead.
OURS = {
    "house": "runtime", "haul": "fetch result", "stretch": "slice", "stretches": "slices", "sieve": "validation",
    "sieved": "validated", "crew": "worker pool", "desk": "triage", "purse": "budget", "books": "ledger",
    "roster": "catalog", "tongues": "language model", "parlance": "lexicon", "traits": "features",
    "lessons": "training corrections", "heir": "canonical", "letter": "approved reply", "letters": "approved replies",
    "barred": "suppressed", "visit": "run", "visits": "runs", "visited": "run", "trace": "residual file",
    "traces": "residual files", "driving": "attributions", "choosing": "selection", "ground": "slice cursor",
    "posted": "delivery", "looked": "rechecked", "crews": "worker pools", "lesson": "training correction",
    "teach": "train", "teacher": "trainer", "teaching": "training", "taught": "trained", "leader": "canonical",
    "leaders": "canonical ones", "follower": "duplicate", "followers": "duplicates", "keeping": "retention",
    "noise": "exclusions", "standing": "status", "counting": "active version",
}  # fmt: skip
# Of these a test may use the plain meaning: a page is visited, a ground prepared, a letter belongs to an alphabet.
PLAIN_IN_TESTS = {
    *("visit", "visits", "visited", "ground", "letter", "letters", "posted", "looked", "standing", "counting", "noise"),
    *("traces", "desk", "teach", "keeping", "followers"),
}

OF_THE_ALPHABET = (
    "analysis/text/",
    "listeners/importing/encodings/",
    "dashboard/setup/brand_trial.py",
)  # where a letter is a letter


def defined(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Every name a file gives: its own, and of its functions, classes, parameters and assigned names."""
    yield source.tree, source.module.rpartition(".")[2]
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node, node.name
        elif isinstance(node, ast.arg):
            yield node, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node, node.id


def words(name: str) -> list[str]:
    """`in_doubt`, `InDoubt` and `IN_DOUBT` are all "in", "doubt"."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def vague(found: Sequence[Source]) -> list[str]:
    return [f"{source.at(node)} {name}" for source in found for node, name in defined(source) if VAGUE.search(name)]


def our_own(found: Sequence[Source]) -> list[str]:
    """Names with a word in them for which the trade has another."""
    return [
        f"{source.at(node)} {name}: say {OURS[word]}"
        for source in found
        for node, name in defined(source)
        for word in words(name)
        if word in OURS and not (word.startswith("letter") and source.path.startswith(OF_THE_ALPHABET))
        if source.folder != "tests" or word not in PLAIN_IN_TESTS
    ]


def shared_class_names(found: Sequence[Source]) -> list[str]:
    """Public classes that carry the name of another."""
    places: dict[str, list[str]] = defaultdict(list)
    for source in found:
        for node in source.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(source.at(node))
    return [f"{name}: {', '.join(where)}" for name, where in places.items() if len(where) > 1]


def without_a_sentence(found: Sequence[Source]) -> list[str]:
    return [source.path for source in found if not source.docstring.split("\n\n")[0].rstrip().endswith(".")]


def test_names_say_what_they_mean():
    hold(vague(sources()))


def test_names_are_the_trades_words():
    hold(our_own(sources()))
    hold(our_own(modules_of_tests()))


def test_a_public_class_has_a_name_of_its_own():
    hold(shared_class_names(sources()))


def test_a_module_starts_with_one_sentence():
    hold(without_a_sentence(sources()))


def test_the_laws_refuse_what_breaks_them():
    assert vague([example("def parse(info): ...")])
    assert our_own([example("class SliceHaul: ...")])
    assert our_own([example("purse = 3")])
    assert our_own([example("def test_the_crew_is_ready(): ...", "tests/data/test_example.py")])
    assert shared_class_names([example("class Row: ...", "data/a.py"), example("class Row: ...", "data/b.py")])
    assert without_a_sentence([example("x = 1")])
