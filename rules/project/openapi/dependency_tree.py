"""A route's dependants as FastAPI walks them for the document: itself first, then depth first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import Const, Dictionary, External, Parametrized, Value
from rules.project.openapi.dialect import Dialect
from rules.project.openapi.fields import DescribedField
from rules.project.routing.conditions import holds_by_default
from rules.project.routing.dependants import Dependant, call_identity
from rules.project.routing.parameters import Parameter

_TEXT = External("builtins.str")
_NULLABLE_TEXT = Parametrized(External("typing.Union"), [_TEXT, Const(None)], bar=True)
_PASSWORD: dict[str, Value] = {
    "json_schema_extra": Dictionary([(Const("format"), Const("password"))]),
}


@dataclass(frozen=True, slots=True)
class Visited:
    """A dependant with the scopes of all that leads to it."""

    dependant: Dependant
    scopes: tuple[str, ...]
    is_root: bool


@dataclass(frozen=True, slots=True)
class RequestParameter:
    """A parameter of a request with the arguments of its marker and of what else is annotated to it."""

    location: str
    field: DescribedField

    @property
    def included(self) -> bool:
        """Whether the document shows it."""
        return self.field.flag("include_in_schema", default=True)


def visited(root: Dependant) -> Iterator[Visited]:
    """The dependants that are asked for under the settings' defaults, each once for the same scopes."""
    pending = [Visited(root, (), is_root=True)]
    seen: set[object] = set()
    while pending:
        current = pending.pop()
        key = (call_identity(current.dependant.call), frozenset(current.scopes))
        if key in seen:
            continue
        seen.add(key)
        yield current
        below = [d for d in current.dependant.dependencies if holds_by_default(d.conditions)]
        for dependant in reversed(below):
            own = tuple(scope for scope in dependant.scopes if scope not in current.scopes)
            pending.append(Visited(dependant, current.scopes + own, is_root=False))


def request_parameters(dependant: Dependant, dialect: Dialect) -> Iterator[RequestParameter]:
    """The parameters of one dependant in order."""
    strict = dependant.name.endswith("Strict")
    for parameter in dependant.parameters:
        if parameter.location == "form" and parameter.origin is None:
            yield RequestParameter("form", _login_field(parameter.name, dialect, strict=strict))
        else:
            yield _request_parameter(parameter)


def _request_parameter(parameter: Parameter) -> RequestParameter:
    marker = parameter.marker
    arguments = dict(marker.arguments.keywords) if marker is not None else {}
    annotation = External("typing.Any") if parameter.annotation is None else parameter.annotation
    default = None if parameter.location == "path" else parameter.default
    if "default_factory" in arguments:
        default = None
    field = DescribedField(parameter.name, annotation, arguments, default)
    return RequestParameter(parameter.location, field)


def _login_field(name: str, dialect: Dialect, *, strict: bool) -> DescribedField:
    """A field of `OAuth2PasswordRequestForm` (read in fastapi/security/oauth2.py)."""
    password = _PASSWORD if dialect.describes_login else {}
    if name == "grant_type":
        annotation = _TEXT if strict else _NULLABLE_TEXT
        pattern: Value = Const("^password$" if dialect.describes_login else "password")
        return DescribedField(name, annotation, {"pattern": pattern}, None if strict else Const(None))
    if name == "scope":
        return DescribedField(name, _TEXT, {}, Const(""))
    if name in {"client_id", "client_secret"}:
        arguments = password if name == "client_secret" else {}
        return DescribedField(name, _NULLABLE_TEXT, arguments, Const(None))
    return DescribedField(name, _TEXT, password if name == "password" else {})
