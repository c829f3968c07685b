"""The project's own files as the laws read them: each with its imports, functions and texts."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("dashboard", "listeners", "analysis", "data")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, repr=False)
class Source:
    """One Python file: `path` from the top of the project, and its `text`."""

    path: str
    text: str

    def __repr__(self) -> str:
        return self.path

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @property
    def folder(self) -> str:
        """The first part of the path: "data"; "app.py" for the entry point."""
        return self.path.split("/", maxsplit=1)[0]

    @property
    def module(self) -> str:
        """The dotted name: "data.queue.ranks"; of a package's `__init__` the package's."""
        return self.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")

    @property
    def package(self) -> str:
        return self.module if self.path.endswith("/__init__.py") else self.module.rpartition(".")[0]

    @property
    def docstring(self) -> str:
        return ast.get_docstring(self.tree) or ""

    @cached_property
    def functions(self) -> list[Function]:
        return [node for node in self.nodes if isinstance(node, Function)]

    @cached_property
    def classes(self) -> list[ast.ClassDef]:
        return [node for node in self.nodes if isinstance(node, ast.ClassDef)]

    @cached_property
    def texts(self) -> list[ast.Constant]:
        """Every text that is not documentation."""
        documented = {
            id(node.body[0].value)
            for node in self.nodes
            if isinstance(node, ast.Module | ast.ClassDef | Function)
            and node.body and isinstance(node.body[0], ast.Expr)
        }  # fmt: skip
        constants = (node for node in self.nodes if isinstance(node, ast.Constant))
        return [node for node in constants if isinstance(node.value, str) and id(node) not in documented]

    def imported_packages(self) -> set[str]:
        """The first names of everything that is imported, wherever in the file."""
        return {name.split(".", maxsplit=1)[0] for name, _ in self._imports()}

    def imported_modules(self, known: set[str]) -> set[str]:
        """The modules among `known` that are imported, wherever in the file and for whatever reason."""
        both = ((name, f"{name}.{taken}") for name, taken in self._imports())
        return {whole if whole in known else name for name, whole in both} & known

    def _imports(self) -> Iterator[tuple[str, str]]:
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((alias.name, "") for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((self._absolute(node), alias.name) for alias in node.names)

    def _absolute(self, node: ast.ImportFrom) -> str:
        """The full name of the module that `from ...x import y` means."""
        above = self.package.split(".")[: -node.level + 1 or None] if node.level else []
        return ".".join([*above, *filter(None, [node.module])])

    def at(self, node: ast.AST) -> str:
        """Where a node stands, as an editor opens it."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


@cache
def sources() -> tuple[Source, ...]:
    """The entry point and every module of the four folders."""
    paths = [ROOT / "app.py", *(path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")))]
    kept = [path for path in paths if "live" not in path.relative_to(ROOT).parts]
    assert len(kept) > len(FOLDERS)
    return tuple(map(_source, kept))


@cache
def modules_of_tests() -> tuple[Source, ...]:
    """Every module of the tests; never none."""
    found = tuple(_source(path) for path in sorted((ROOT / "tests").rglob("*.py")))
    assert found
    return found


def _source(path: Path) -> Source:
    return Source(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))


def of_folder(folder: str) -> tuple[Source, ...]:
    """The modules of one folder; never none."""
    found = tuple(source for source in sources() if source.folder == folder)
    assert found
    return found


def example(text: str, path: str = "data/queue/example.py") -> Source:
    """A file that does not exist, for a law to refuse."""
    return Source(path, text)


def modules(found: Sequence[Source]) -> set[str]:
    return {source.module for source in found}


def hold(breaches: Sequence[str]) -> None:
    """Fail with every breach of a law on a line of its own."""
    assert not breaches, "\n" + "\n".join(breaches)
