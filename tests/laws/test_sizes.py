"""Laws of size: how much a package, a module, a function may hold."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence

from tests.laws.code import Function, Source, example, hold, sources

MODULES, LINES, FUNCTION, PARAMETERS = 12, 400, 60, 7
ONE_EACH = "listeners.sources"  # one module a source, however many sources there are


def crowded(found: Sequence[Source]) -> list[str]:
    """The packages with too many modules; a package's `__init__` and `__main__` count for nothing."""
    held = Counter(source.package for source in found if "/__" not in source.path)
    return [f"{name}: {count} modules" for name, count in held.items() if count > MODULES and name != ONE_EACH]


def long_modules(found: Sequence[Source]) -> list[str]:
    counted = ((source.path, len(source.text.splitlines())) for source in found)
    return [f"{path}: {lines} lines" for path, lines in counted if lines > LINES]


def length(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def parameters(node: Function) -> int:
    """How many a function takes, `self` and `cls` apart."""
    named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return sum(1 for one in named if one.arg not in ("self", "cls"))


def long_functions(found: Sequence[Source]) -> list[str]:
    return [
        f"{source.at(node)} {node.name}: {length(node)} lines"
        for source in found
        for node in source.functions
        if length(node) > FUNCTION
    ]


def wide_functions(found: Sequence[Source]) -> list[str]:
    return [
        f"{source.at(node)} {node.name}: {parameters(node)} parameters"
        for source in found
        for node in source.functions
        if parameters(node) > PARAMETERS
    ]


def test_a_package_holds_few_modules():
    hold(crowded(sources()))


def test_a_module_stays_small():
    hold(long_modules(sources()))


def test_no_function_is_long():
    hold(long_functions(sources()))


def test_no_function_takes_many_parameters():
    hold(wide_functions(sources()))


def test_the_median_function_is_short():
    lengths = [length(node) for source in sources() for node in source.functions]
    assert statistics.median(lengths) <= 8
    assert statistics.quantiles(lengths, n=10)[-1] <= 22


def test_the_laws_refuse_what_breaks_them():
    assert crowded([example("", f"data/queue/part_{number}.py") for number in range(13)])
    assert not crowded([example("", f"listeners/sources/part_{number}.py") for number in range(13)])
    assert long_modules([example("\n" * 401)])
    assert long_functions([example("def f():\n" + "    pass\n" * 60)])
    assert wide_functions([example("def f(a, b, c, d, /, e, f, *, g, h): ...")])
    assert not wide_functions([example("class C:\n    def f(self, a, b, c, d, e, f, g): ...")])
