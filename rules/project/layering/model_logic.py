"""Methods of models and schemas that do a service's work: sessions, queries, requests, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.modules import ModuleInfo
from rules.evaluation.scopes import Scope
from rules.evaluation.values import (
    ClassValue,
    Deferred,
    External,
    FunctionValue,
    ModuleValue,
    Parametrized,
    Value,
)
from rules.finding import Place
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.code_places import application_code
from rules.project.layers import MODELS
from rules.project.routing.callables import unwrapped
from rules.project.routing.framework import split

if TYPE_CHECKING:
    from rules.project.project import Project

_SESSION_TYPES = frozenset({"Session", "AsyncSession"})
_SESSION_LIBRARIES = frozenset({"sqlalchemy", "sqlmodel"})
_SESSION_NAMES = frozenset({"session", "db", "db_session", "async_session", "dbsession"})
_SESSION_WORK = frozenset(
    {
        "exec", "execute", "query", "add", "add_all", "commit", "flush", "refresh", "delete", "scalar",
        "scalars", "get", "merge", "rollback",
    }
)  # fmt: skip
_INPUT_OUTPUT = frozenset(
    {
        "requests", "httpx", "aiohttp", "urllib3", "smtplib", "subprocess", "boto3", "redis", "aiosmtplib",
        "fastapi_mail", "socket", "aiofiles",
    }
)  # fmt: skip
_CALLS = {"builtins.open": "opens a file", "urllib.request.urlopen": "sends a request"}
_REFUSALS = frozenset({"HTTPException", "WebSocketException"})


@dataclass(frozen=True, slots=True, eq=False)
class ModelLogic:
    """What a model's method does that a service should: `does` in words, at `node`."""

    cls: ClassValue
    method: ir.Function
    module: ModuleInfo
    node: ir.Node
    does: str

    @property
    def place(self) -> Place:
        """Where it does that."""
        return self.module.source.place(self.node)


def model_logic(project: Project) -> Iterator[ModelLogic]:
    """The first such thing in each method of a table or schema, settings excepted."""
    seen: set[int] = set()
    counts = application_code(project.options)
    for cls in _models(project):
        for value in cls.attributes.values():
            method = unwrapped(value)
            if not isinstance(method, FunctionValue) or not isinstance(method.node, ir.Function):
                continue
            if id(method.node) in seen or method.module is not cls.module or not counts(cls.module.path):
                continue
            seen.add(id(method.node))
            found = _first(project, cls, method, method.node)
            if found is not None:
                yield found


def _models(project: Project) -> Iterator[ClassValue]:
    """The project's classes behind tables and schemas, mixins included."""
    given = [cls for table in project.tables for cls in table.classes]
    given += [table.model for table in project.tables if isinstance(table.model, ClassValue)]
    exchanged = _exchanged(project)
    given += [s.model for s in project.schemas.values() if _is_schema(project, s.model, exchanged)]
    seen: set[int] = set()
    for cls in given:
        for base in cls.linearized():
            if isinstance(base, ClassValue) and id(base) not in seen:
                seen.add(id(base))
                yield base


def _exchanged(project: Project) -> set[int]:
    """The classes that routes take or give."""
    annotations = [route.response_type for route in project.routes]
    annotations += [p.annotation for route in project.routes for p in route.dependant.all_parameters()]
    found: set[int] = set()
    for annotation in annotations:
        if annotation is not None:
            found |= {id(node) for node in _parts(annotation)}
    return found


def _parts(annotation: Value) -> Iterator[Value]:
    yield annotation
    if isinstance(annotation, Parametrized):
        yield from _parts(annotation.base)
        for argument in annotation.arguments:
            yield from _parts(argument)


def _is_schema(project: Project, cls: ClassValue, exchanged: set[int]) -> bool:
    """Whether a Pydantic class is a schema: services and clients derive from `BaseModel` too."""
    if any(name.rpartition(".")[2] == "BaseSettings" for name in cls.externals()):
        return False
    layer = project.layers.of(cls.module.path)
    return id(cls) in exchanged or (layer is not None and layer.name == MODELS)


def _first(
    project: Project, cls: ClassValue, function: FunctionValue, node: ir.Function
) -> ModelLogic | None:
    body = function.module.source.module.body(node)
    sessions = _sessions(project, function, node)
    found: list[tuple[ir.Node, str]] = []
    for inner in walk(body):
        does = _does(project, function, inner, sessions)
        if does:
            found.append((inner, does))
    if not found:
        return None
    at, does = min(found, key=lambda pair: (pair[0].line, pair[0].column))
    return ModelLogic(cls, node, function.module, at, does)


def _sessions(project: Project, function: FunctionValue, node: ir.Function) -> set[str]:
    """The parameters that hold a session, by annotation, else by name."""
    names: set[str] = set()
    for parameter in node.parameters:
        if parameter.annotation is None:
            names |= {parameter.name} & _SESSION_NAMES
            continue
        found = project.machine.annotation(parameter.annotation, function.scope)
        if isinstance(found, External) and _is_session(found.name):
            names.add(parameter.name)
    return names


def _is_session(name: str) -> bool:
    top, last = split(name)
    return top in _SESSION_LIBRARIES and last in _SESSION_TYPES


def _does(project: Project, function: FunctionValue, node: ir.Node, sessions: set[str]) -> str:
    """What a node does that no model should; empty for anything else."""
    if isinstance(node, ir.Raise) and node.exception is not None:
        raised = node.exception.function if isinstance(node.exception, ir.Call) else node.exception
        return "raises an `HTTPException`" if _is_refusal(_resolved(function.scope, raised)) else ""
    if isinstance(node, ir.Import | ir.ImportFrom):
        return _imports(project, function, node)
    if not isinstance(node, ir.Call):
        return ""
    called = node.function
    if isinstance(called, ir.Attribute) and isinstance(called.value, ir.Name) and called.value.id in sessions:
        return f"works on a session (`{called.name}`)" if called.name in _SESSION_WORK else ""
    return _calls(_resolved(function.scope, called))


def _calls(value: Value | None) -> str:
    if isinstance(value, External):
        if _is_session(value.name):
            return "opens a session"
        if value.name in _CALLS:
            return _CALLS[value.name]
        top = value.name.partition(".")[0]
        return f"calls `{value.name}`" if top in _INPUT_OUTPUT else ""
    return ""


def _imports(project: Project, function: FunctionValue, node: ir.Import | ir.ImportFrom) -> str:
    """An import inside a method of something further out."""
    if isinstance(node, ir.Import):
        return ""
    if node.level:
        target = project.index.relative(function.module, node.level, node.module)
    else:
        resolved = project.index.absolute(function.module.path, node.module)
        target = resolved.target if resolved is not None else None
    if not isinstance(target, ModuleInfo):
        return ""
    layer = project.layers.of(target.path)
    allowed = layer is None or project.layers.allows(function.module.path, target.path)
    return "" if allowed or layer is None else f"imports `{target.dotted}` of the {layer.name}"


def _resolved(scope: Scope, node: ir.Expr) -> Value | None:
    """What a dotted name of a method means, by the module's names."""
    if isinstance(node, ir.Name):
        value = scope.lookup(node.id)
        if value is None:
            return External(f"builtins.{node.id}") if node.id == "open" else None
        return None if isinstance(value, Deferred) else value
    if not isinstance(node, ir.Attribute):
        return None
    owner = _resolved(scope, node.value)
    if isinstance(owner, External):
        return External(f"{owner.name}.{node.name}")
    if isinstance(owner, ModuleValue) and isinstance(owner.module, ModuleInfo):
        return scope.globals.bindings.get(node.name) if owner.module is scope.module else None
    return None


def _is_refusal(value: Value | None) -> bool:
    names = [value.name] if isinstance(value, External) else []
    names += list(value.externals()) if isinstance(value, ClassValue) else []
    return any(split(n)[0] in {"fastapi", "starlette"} and split(n)[1] in _REFUSALS for n in names)
