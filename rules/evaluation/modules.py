"""Which file an import means: modules, packages and import roots of a tree that may hold several."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rules.source import SourceFile

_STDLIB = sys.stdlib_module_names
_INSTALLED = frozenset(
    {"alembic", "celery", "fastapi", "jwt", "pydantic", "redis", "sqlalchemy", "sqlmodel", "starlette"}
)
"""Libraries whose names projects give to folders: installed, they go before a folder of modules."""


@dataclass(slots=True, eq=False)
class ModuleInfo:
    """A Python file of the tree. `dotted` is the name it is imported by, relative to its import root."""

    path: str
    source: SourceFile
    is_package: bool
    dotted: str = ""

    @property
    def directory(self) -> str:
        """The folder that holds the file; empty at the root of the tree."""
        return self.path.rpartition("/")[0]

    @property
    def import_root(self) -> str:
        """The folder that `dotted` is relative to; empty for the root of the tree."""
        depth = self.dotted.count(".") + (2 if self.is_package else 1)
        return "/".join(self.path.split("/")[:-depth])


@dataclass(frozen=True, slots=True)
class Namespace:
    """A folder of modules without `__init__.py`."""

    directory: str
    root: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """An import's target and the root it was found from."""

    target: ModuleInfo | Namespace
    root: str


def join(directory: str, name: str) -> str:
    """`directory/name`, without a leading slash at the root."""
    return f"{directory}/{name}" if directory else name


def _depth_below(root: str, directory: str) -> int:
    """How exactly a root holds a folder: the length of its path, -1 if it does not."""
    return len(root) if not root or f"{directory}/".startswith(f"{root}/") else -1


@dataclass(slots=True)
class ModuleIndex:
    """All modules of a tree, and how absolute and relative imports find them."""

    modules: dict[str, ModuleInfo]
    configured_roots: tuple[str, ...] = ()
    _directories: set[str] = field(default_factory=set)
    _tops: dict[str, list[str]] = field(default_factory=dict)
    _cache: dict[tuple[str, str], Resolved | None] = field(default_factory=dict)

    @classmethod
    def build(cls, files: Mapping[str, SourceFile], roots: Iterable[str] = ()) -> ModuleIndex:
        """Index every `.py` file; `roots` are configured import roots, tried first."""
        modules = {
            path: ModuleInfo(path, source, path.rpartition("/")[2] == "__init__.py")
            for path, source in files.items()
            if path.endswith(".py")
        }
        index = cls(modules, tuple(roots))
        for path in modules:
            directory = path.rpartition("/")[0]
            while directory and directory not in index._directories:
                index._directories.add(directory)
                directory = directory.rpartition("/")[0]
        for directory in index._directories:
            parent = directory.rpartition("/")[0]
            if index.is_package(directory) and not index.is_package(parent):
                index._tops.setdefault(directory.rpartition("/")[2], []).append(parent)
        return index

    def is_package(self, directory: str) -> bool:
        """Whether the folder has an `__init__.py`, and a name that can stand in an import."""
        name = directory.rpartition("/")[2]
        return (not name or name.isidentifier()) and join(directory, "__init__.py") in self.modules

    def absolute(self, importer: str, dotted: str) -> Resolved | None:
        """The target of `import dotted` in the file `importer`; None where it lies outside the tree."""
        directory = importer.rpartition("/")[0]
        key = (directory, dotted)
        if key not in self._cache:
            self._cache[key] = self._absolute(directory, dotted)
        return self._cache[key]

    def _absolute(self, directory: str, dotted: str) -> Resolved | None:
        top = dotted.partition(".")[0]
        if top in _STDLIB:
            return None
        for root in self._roots(directory):
            found = self.descend(root, dotted)
            if found is not None and not (isinstance(found, Namespace) and top in _INSTALLED):
                return Resolved(found, root)
        parents = self._tops.get(top, [])
        if len(parents) == 1 and (found := self.descend(parents[0], dotted)) is not None:
            return Resolved(found, parents[0])
        return None

    def _roots(self, directory: str) -> Iterator[str]:
        """Where an import may start: configured roots, those that hold the importer first, then upwards."""
        yield from sorted(self.configured_roots, key=lambda root: -_depth_below(root, directory))
        current = directory
        while True:
            if not self.is_package(current):
                yield current
                if join(current, "src") in self._directories:
                    yield join(current, "src")
            if not current:
                return
            current = current.rpartition("/")[0]

    def descend(self, directory: str, dotted: str) -> ModuleInfo | Namespace | None:
        """The module or namespace `dotted` below a folder."""
        found: ModuleInfo | Namespace | None = None
        root = directory
        for segment in dotted.split("."):
            if isinstance(found, ModuleInfo) and not found.is_package:
                return None
            found = self._child(directory, segment, root)
            if found is None:
                return None
            directory = join(directory, segment)
        return found

    def _child(self, directory: str, segment: str, root: str) -> ModuleInfo | Namespace | None:
        folder = join(directory, segment)
        package = self.modules.get(join(folder, "__init__.py"))
        if package is not None:
            return package
        module = self.modules.get(folder + ".py")
        if module is not None:
            return module
        return Namespace(folder, root) if folder in self._directories else None

    def relative(self, importer: ModuleInfo, level: int, dotted: str) -> ModuleInfo | Namespace | None:
        """The target of `from ..dotted import` with `level` dots."""
        directory = importer.directory
        for _ in range(level - 1):
            if not directory:
                return None
            directory = directory.rpartition("/")[0]
        if dotted:
            return self.descend(directory, dotted)
        return self.modules.get(join(directory, "__init__.py")) or Namespace(directory, directory)

    def submodule(self, parent: ModuleInfo | Namespace, name: str) -> ModuleInfo | Namespace | None:
        """`parent.name` as a module."""
        if isinstance(parent, Namespace):
            return self._child(parent.directory, name, parent.root)
        return self._child(parent.directory, name, parent.directory) if parent.is_package else None


class RootVotes:
    """Which import root each file belongs to, by the imports that found it and those it makes."""

    def __init__(self, index: ModuleIndex) -> None:
        self._index = index
        self._imported: dict[str, Counter[str]] = {}
        self._importing: dict[str, Counter[str]] = {}

    def record(self, importer: str, resolved: Resolved) -> None:
        """Count one absolute import that was found inside the tree."""
        self._importing.setdefault(importer, Counter())[resolved.root] += 1
        if isinstance(resolved.target, ModuleInfo):
            unit = self._unit(resolved.target.path)
            self._imported.setdefault(unit, Counter())[resolved.root] += 1

    def name_modules(self) -> None:
        """Set `dotted` on every module of the index."""
        for module in self._index.modules.values():
            root = self._root(module)
            inner = module.path[len(root) + 1 :] if root else module.path
            inner = inner.removesuffix(".py").removesuffix("/__init__")
            module.dotted = inner.replace("/", ".") if inner != "__init__" else "__init__"

    def _unit(self, path: str) -> str:
        directory = path.rpartition("/")[0]
        if not self._index.is_package(directory):
            return path
        while directory and self._index.is_package(directory.rpartition("/")[0]):
            directory = directory.rpartition("/")[0]
        return directory

    def _root(self, module: ModuleInfo) -> str:
        unit = self._unit(module.path)
        for votes in (self._imported.get(unit), self._importing.get(module.path)):
            for root, _ in votes.most_common() if votes else ():
                if not root or module.path.startswith(root + "/"):
                    return root
        if unit != module.path:
            return unit.rpartition("/")[0]
        return self._sibling_root(module.directory)

    def _sibling_root(self, directory: str) -> str:
        votes: Counter[str] = Counter()
        for path, counted in self._importing.items():
            if path.rpartition("/")[0] == directory:
                votes += counted
        fitting = [r for r, _ in votes.most_common() if not r or (directory + "/").startswith(r + "/")]
        return fitting[0] if fitting else directory
