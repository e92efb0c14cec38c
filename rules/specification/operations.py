"""The operations of an OpenAPI document, one after the other, with what the document says around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from rules.specification.problem import Doubt
from rules.specification.references import resolve
from rules.specification.values import Json

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True)
class Operation:
    """An operation of a document, specified or extracted. `line` is 1-based, 0 for an extracted one."""

    document: Json
    method: str
    path: str
    line: int
    own: dict[str, Json]
    shared: tuple[Json, ...] = ()

    @property
    def title(self) -> str:
        """`GET /items/{id}`."""
        return f"{self.method.upper()} {self.path}"

    @cached_property
    def parameters(self) -> dict[tuple[str, str], dict[str, Json]]:
        """The parameters by place and name; a header's name in lower case. Its own win over the path's."""
        found: dict[tuple[str, str], dict[str, Json]] = {}
        for given in (*self.shared, *_listed(self.own.get("parameters"))):
            parameter = resolve(self.document, given).value
            if isinstance(parameter, dict) and isinstance(parameter.get("name"), str):
                place, name = str(parameter.get("in", "query")), parameter["name"]
                found[place, name.lower() if place == "header" else name] = parameter
        return found

    @cached_property
    def body(self) -> dict[str, Json] | None:
        """The request body; None where there is none."""
        return _object(resolve(self.document, self.own.get("requestBody")).value)

    @cached_property
    def responses(self) -> dict[str, dict[str, Json]]:
        """The responses by status, `2XX` or `default`."""
        given = self.own.get("responses")
        pairs = given.items() if isinstance(given, dict) else ()
        found = ((str(s).upper(), _object(resolve(self.document, r).value)) for s, r in pairs)
        return {status: response for status, response in found if status and response is not None}

    @property
    def security(self) -> list[dict[str, list[str]]] | None:
        """The alternatives of required schemes; empty where it says that none is, None where it says nothing.

        A document that knows schemes but requires none for an operation says that none is.
        """
        given = self.own.get("security", self.document.get("security"))
        if isinstance(given, list):
            return [
                {
                    str(name): [s for s in _listed(scopes) if isinstance(s, str)]
                    for name, scopes in entry.items()
                }
                for entry in given
                if isinstance(entry, dict)
            ]
        return None

    @property
    def says_security(self) -> bool:
        """Whether the operation itself says what it requires."""
        return isinstance(self.own.get("security"), list)


@dataclass(frozen=True, kw_only=True)
class ApiSpecification:
    """A specification of an API.

    `is_whole` tells one that means to name every operation from one of a feature; a list names methods and
    paths and says little of the rest (`is_list`). `is_generated` tells a document that FastAPI itself wrote;
    without `knows_null` none of its schemas tells an optional value from one that may be null.
    """

    path: str
    operations: tuple[Operation, ...]
    bases: tuple[str, ...] = ("",)
    is_whole: bool = True
    is_list: bool = False
    is_generated: bool = False
    is_configured: bool = False
    knows_null: bool = True
    doubts: tuple[Doubt, ...] = ()


def operations(document: Json, line: object = None) -> Iterator[Operation]:
    """The operations under `paths`; `line(path, method)` tells where they stand."""
    paths = document.get("paths") if isinstance(document, dict) else None
    for path, given in paths.items() if isinstance(paths, dict) else ():
        item = resolve(document, given).value
        if not isinstance(item, dict) or not str(path).startswith("/"):
            continue
        shared = tuple(_listed(item.get("parameters")))
        for method in METHODS:
            own = _object(item.get(method))
            if own is not None:
                at = line(str(path), method) if callable(line) else 0
                yield Operation(document, method, str(path), at, own, shared)


def server_paths(document: Json) -> tuple[str, ...]:
    """The paths that the servers of a document put before its own; the empty one where it names none."""
    found = [""]
    for server in _listed(document.get("servers")):
        url = server.get("url") if isinstance(server, dict) else None
        if isinstance(url, str):
            found.append(_path_of(url))
    return tuple(dict.fromkeys(found))


def _path_of(url: str) -> str:
    try:
        path = urlsplit(url).path.rstrip("/")
    except ValueError:
        return ""
    return path if path.startswith("/") and "{" not in path else ""


def _object(value: Json) -> dict[str, Json] | None:
    return value if isinstance(value, dict) else None


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
