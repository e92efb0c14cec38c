"""Changes to a specification that the code keeps to: after each one it does not any more.

Each operator takes the document and gives every document with one such change, and the operation or schema
that the change is about. They were fixed before the comparison was tuned.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Document], None]
Mutant: TypeAlias = tuple[str, Document]
METHODS = ("get", "post", "put", "delete")


def mutants(document: Document) -> Iterator[tuple[str, Mutant]]:
    """Every mutant with the name of its operator."""
    for operator in OPERATORS:
        for mutant in operator(document):
            yield operator.__name__, mutant


def _changed(document: Document, about: str, change: Change) -> Mutant:
    made = copy.deepcopy(document)
    change(made)
    return about, made


def _operations(document: Document) -> Iterator[tuple[str, str]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method


def operation_removed(document: Document) -> Iterator[Mutant]:
    for path, method in _operations(document):
        yield _changed(document, f"{method} {path}", lambda d, p=path, m=method: d["paths"][p].pop(m))  # type: ignore[misc]


def operation_added(document: Document) -> Iterator[Mutant]:
    added = {"responses": {"200": {"description": "Patched"}}}
    for path in document["paths"]:
        yield _changed(document, f"patch {path}", lambda d, p=path: d["paths"][p].update(patch=added))  # type: ignore[misc]


def method_changed(document: Document) -> Iterator[Mutant]:
    for path, method in _operations(document):
        move = lambda d, p=path, m=method: d["paths"][p].update(patch=d["paths"][p].pop(m))  # noqa: E731
        yield _changed(document, f"{method} {path}", move)


def path_changed(document: Document) -> Iterator[Mutant]:
    for path in document["paths"]:
        move = lambda d, p=path: d["paths"].update({f"{p}/all": d["paths"].pop(p)})  # noqa: E731
        yield _changed(document, path, move)


def _parameters(document: Document) -> Iterator[tuple[str, str, int]]:
    for path, method in _operations(document):
        for index in range(len(document["paths"][path][method].get("parameters", []))):
            yield path, method, index


def _at(document: Document, path: str, method: str, index: int) -> Document:
    found: Document = document["paths"][path][method]["parameters"][index]
    return found


def parameter_removed(document: Document) -> Iterator[Mutant]:
    for path, method, index in _parameters(document):
        drop = lambda d, p=path, m=method, i=index: d["paths"][p][m]["parameters"].pop(i)  # noqa: E731
        yield _changed(document, f"{method} {path}", drop)


def parameter_added(document: Document) -> Iterator[Mutant]:
    added = {"name": "sort", "in": "query", "schema": {"type": "string"}}
    for path, method in _operations(document):
        add = lambda d, p=path, m=method: d["paths"][p][m].setdefault("parameters", []).append(added)  # noqa: E731
        yield _changed(document, f"{method} {path}", add)


def parameter_necessity_changed(document: Document) -> Iterator[Mutant]:
    for path, method, index in _parameters(document):
        needed = not _at(document, path, method, index).get("required", False)
        turn = lambda d, a=(path, method, index), n=needed: _at(d, *a).update(required=n)  # noqa: E731
        yield _changed(document, f"{method} {path}", turn)


def parameter_type_changed(document: Document) -> Iterator[Mutant]:
    for path, method, index in _parameters(document):
        turn = lambda d, a=(path, method, index): _at(d, *a).update(schema={"type": "boolean"})  # noqa: E731
        yield _changed(document, f"{method} {path}", turn)


def parameter_default_changed(document: Document) -> Iterator[Mutant]:
    for path, method, index in _parameters(document):
        if "default" in _at(document, path, method, index)["schema"]:
            turn = lambda d, a=(path, method, index): _at(d, *a)["schema"].update(default=7)  # noqa: E731
            yield _changed(document, f"{method} {path}", turn)


def body_removed(document: Document) -> Iterator[Mutant]:
    for path, method in _operations(document):
        if "requestBody" in document["paths"][path][method]:
            drop = lambda d, p=path, m=method: d["paths"][p][m].pop("requestBody")  # noqa: E731
            yield _changed(document, f"{method} {path}", drop)


def body_added(document: Document) -> Iterator[Mutant]:
    body = {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
    for path, method in _operations(document):
        if method in {"post", "put"}:
            continue
        add = lambda d, p=path, m=method: d["paths"][p][m].update(requestBody=body)  # noqa: E731
        yield _changed(document, f"{method} {path}", add)


def media_type_changed(document: Document) -> Iterator[Mutant]:
    for path, method in _operations(document):
        body = document["paths"][path][method].get("requestBody")
        if body:
            content = {"multipart/form-data": body["content"]["application/json"]}
            turn = lambda d, p=path, m=method, c=content: d["paths"][p][m]["requestBody"].update(content=c)  # noqa: E731
            yield _changed(document, f"{method} {path}", turn)


def status_changed(document: Document) -> Iterator[Mutant]:
    for path, method in _operations(document):
        (good,) = [s for s in document["paths"][path][method]["responses"] if s.startswith("2")]
        move = lambda d, p=path, m=method, s=good: d["paths"][p][m]["responses"].update(  # noqa: E731
            {"202": d["paths"][p][m]["responses"].pop(s)}
        )
        yield _changed(document, f"{method} {path}", move)


def security_changed(document: Document) -> Iterator[Mutant]:
    for path, method in _operations(document):
        is_public = document["paths"][path][method].get("security") == []
        asked: list[Any] = [{"Token": []}] if is_public else []
        turn = lambda d, p=path, m=method, a=asked: d["paths"][p][m].update(security=a)  # noqa: E731
        yield _changed(document, f"{method} {path}", turn)


def scheme_changed(document: Document) -> Iterator[Mutant]:
    key = {"type": "apiKey", "in": "header", "name": "X-Key"}
    yield _changed(document, "security", lambda d: d["components"]["securitySchemes"].update(Token=key))


def _fields(document: Document) -> Iterator[tuple[str, str]]:
    for name, schema in document["components"]["schemas"].items():
        for inner in schema["properties"]:
            yield name, inner


def _properties(document: Document, name: str) -> Document:
    found: Document = document["components"]["schemas"][name]["properties"]
    return found


def field_removed(document: Document) -> Iterator[Mutant]:
    for name, inner in _fields(document):
        yield _changed(document, f"{name}.{inner}", lambda d, n=name, i=inner: _properties(d, n).pop(i))  # type: ignore[misc]


def field_added(document: Document) -> Iterator[Mutant]:
    for name in document["components"]["schemas"]:
        add = lambda d, n=name: _properties(d, n).update(colour={"type": "string"})  # noqa: E731
        yield _changed(document, f"{name}.colour", add)


def field_type_changed(document: Document) -> Iterator[Mutant]:
    for name, inner in _fields(document):
        turn = lambda d, n=name, i=inner: _properties(d, n).update({i: {"type": "boolean"}})  # noqa: E731
        yield _changed(document, f"{name}.{inner}", turn)


def field_limit_changed(document: Document) -> Iterator[Mutant]:
    for name, inner in _fields(document):
        for limit in ("maxLength", "maximum"):
            if limit in _properties(document, name)[inner]:
                for value in (7, 7000):
                    turn = lambda d, a=(name, inner, limit), v=value: _properties(d, a[0])[a[1]].update(  # noqa: E731
                        {a[2]: v}
                    )
                    yield _changed(document, f"{name}.{inner}", turn)


def enum_changed(document: Document) -> Iterator[Mutant]:
    shrink = lambda d: _properties(d, "Order")["status"].update(enum=["open"])  # noqa: E731
    yield _changed(document, "Order.status", shrink)
    grow = lambda d: _at(d, "/orders", "get", 0)["schema"].update(enum=["open", "paid", "lost"])  # noqa: E731
    yield _changed(document, "get /orders", grow)


def requirement_changed(document: Document) -> Iterator[Mutant]:
    for inner in ("address", "quantity"):
        drop = lambda d, i=inner: d["components"]["schemas"]["NewOrder"]["required"].remove(i)  # noqa: E731
        yield _changed(document, f"NewOrder.{inner}", drop)
    add = lambda d: d["components"]["schemas"]["NewOrder"]["required"].append("note")  # noqa: E731
    yield _changed(document, "NewOrder.note", add)


def null_refused(document: Document) -> Iterator[Mutant]:
    yield _changed(document, "Order.note", lambda d: _properties(d, "Order")["note"].pop("nullable"))


def null_allowed(document: Document) -> Iterator[Mutant]:
    allow = lambda d: _properties(d, "NewOrder")["quantity"].update(nullable=True)  # noqa: E731
    yield _changed(document, "NewOrder.quantity", allow)


OPERATORS = (
    operation_removed, operation_added, method_changed, path_changed, parameter_removed, parameter_added,
    parameter_necessity_changed, parameter_type_changed, parameter_default_changed, body_removed, body_added,
    media_type_changed, status_changed, security_changed, scheme_changed, field_removed, field_added,
    field_type_changed, field_limit_changed, enum_changed, requirement_changed, null_refused, null_allowed,
)  # fmt: skip
