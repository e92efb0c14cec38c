"""The routes and middleware that the reviewer extracts, against those of the running application."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from rules.inventory import RouteInventory, RouteRecord
from tools.accuracy.tally import Comparison, Counting
from tools.accuracy.truth import TrueRoute, Truth

T = TypeVar("T")
Operation = tuple[str, str]
"""Method and path; the slash at a path's end does not count."""

_QUALIFIER = re.compile(r"[\w.]*\.(?=\w)")
_FRAMEWORK = ("fastapi.", "starlette.")


def compare_routes(truth: Truth, inventory: RouteInventory) -> Comparison:
    """Compare operations, then every fact of those that both know, then the order of middleware."""
    counting = Counting()
    true = _first(((m, _path(r.path)), r) for r in truth.routes if r.is_project_api for m in r.methods or ())
    libraries = {(m, _path(r.path)) for r in truth.routes if r.is_library_api for m in r.methods or ()}
    said = chosen(true, inventory.routes)
    counting.sets("routes", "operations", true, said)
    counting.sets("routes, libraries' too", "operations", {*true, *(libraries & said.keys())}, said)
    for operation in sorted(true.keys() & said.keys()):
        _compare(counting, " ".join(operation), true[operation], said[operation])
    _compare_middleware(counting, truth, inventory)
    return counting.result()


def chosen(
    true: Mapping[Operation, TrueRoute], records: Iterable[RouteRecord]
) -> dict[Operation, RouteRecord]:
    """The operations of the application that shares most with the truth, or of all where these share more.

    What an application mounts may be an application of its own, so all of them together may be the answer.
    """
    every = list(records)
    by_label = {
        label: _first(((m, _path(r.path)), r) for r in every if r.app == label for m in r.methods)
        for label in dict.fromkeys(r.app for r in every)
    }
    whole: dict[Operation, RouteRecord] = {}
    for operations in by_label.values():
        whole |= operations
    best = max(by_label.values(), key=lambda found: len(found.keys() & true.keys()), default={})
    return best if len(best.keys() & true.keys()) == len(whole.keys() & true.keys()) else whole


def _compare(counting: Counting, subject: str, true: TrueRoute, said: RouteRecord) -> None:
    handler = f"{true.endpoint_module}.{true.endpoint_qualname}"
    counting.pair("handlers", subject, handler, said.handler, same=said.handler in {handler, true.unwrapped})
    near = true.line is not None and abs(said.line - true.line) <= 1
    counting.pair("lines", subject, true.line, said.line, same=near or said.line == true.def_line)
    status = said.status_code == true.status_code or (true.status_code is None and said.status_code == 200)
    counting.pair("status codes", subject, true.status_code, said.status_code, same=status)
    model, extracted = unqualified(true.response_model), unqualified(said.response_model)
    counting.pair("response models", subject, model, extracted, same=model == extracted)
    shown = true.include_in_schema, said.include_in_schema
    counting.pair("schema inclusion", subject, *shown, same=shown[0] == shown[1])
    schemes = {s.cls for s in true.security_schemes}, {s.rpartition(".")[2] for s in said.security_schemes}
    counting.pair("security schemes", subject, *map(sorted, schemes), same=schemes[0] == schemes[1])
    counting.sets(
        "dependencies",
        subject,
        dependency_names(true.dependency_qualnames),
        dependency_names(said.dependencies),
    )


def _compare_middleware(counting: Counting, truth: Truth, inventory: RouteInventory) -> None:
    """The application's own stack must be among those extracted; none at all is right where none is true."""
    true = [layer.cls.partition(":")[0] for s in truth.middleware if not s.app for layer in s.middleware]
    said = [[name.partition(":")[0].rpartition(".")[2] for name in s.order] for s in inventory.middleware]
    same = true in said or (not true and not any(said))
    counting.pair("middleware order", truth.target, true, said, same=same)


def unqualified(model: str | None) -> str:
    """A type's text without blanks and module paths: `list[app.models.Item]` is `list[Item]`."""
    return _QUALIFIER.sub("", "".join((model or "None").split()))


def dependency_names(names: Iterable[str]) -> set[str]:
    """Qualified names of dependencies; the framework's own by their last part, as modules moved there."""
    return {name.rpartition(".")[2] if name.startswith(_FRAMEWORK) else name for name in names}


def _path(path: str) -> str:
    return path.rstrip("/") or "/"


def _first(items: Iterable[tuple[Operation, T]]) -> dict[Operation, T]:
    found: dict[Operation, T] = {}
    for operation, item in items:
        found.setdefault(operation, item)
    return found
