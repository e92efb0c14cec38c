"""The evaluator against Python itself: what it computes must be what running the module gives."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from rules.evaluation.machine import Machine, Trace
from rules.evaluation.modules import ModuleIndex
from rules.evaluation.values import (
    Application,
    Arguments,
    Choice,
    Const,
    Dictionary,
    Effect,
    FunctionValue,
    Member,
    Operation,
    Origin,
    Sequence,
    Symbol,
    Unknown,
    Value,
)
from rules.source import SourceFile
from tests.rules.evaluation_programs import HOSTILE, PACKAGE, PROGRAMS


def machine_of(files: dict[str, str]) -> Machine:
    sources = {path: SourceFile(path, dedent(text).encode()) for path, text in files.items()}
    return Machine(ModuleIndex.build(sources))


def plain(value: Value) -> object:
    """The Python object a computed value stands for; NotImplemented for a term."""
    match value:
        case Const(value=scalar):
            return scalar
        case Sequence(kind=kind, items=items, is_open=False):
            return {"tuple": tuple, "set": set}.get(kind, list)(plain(i) for i in items)
        case Dictionary(items=items, is_open=False):
            return {plain(k): plain(v) for k, v in items}
        case _:
            return NotImplemented


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_module_level_names_equal_a_real_run(name: str) -> None:
    text = dedent(PROGRAMS[name])
    real: dict[str, object] = {"__name__": name}
    exec(compile(text, name, "exec"), real)  # noqa: S102 - our own text, run to have the truth
    machine = machine_of({f"{name}.py": text})
    scope = machine.scope(machine.index.modules[f"{name}.py"])
    letters = [key for key in real if len(key) == 1 and key.isupper()]
    assert {key: plain(scope.bindings[key]) for key in letters} == {key: real[key] for key in letters}


def test_imports_cycles_and_stars_equal_a_real_run(tmp_path: Path) -> None:
    for path, text in PACKAGE.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    sys.path.insert(0, str(tmp_path))
    try:
        real = importlib.import_module("app.main")
    finally:
        sys.path.remove(str(tmp_path))
        for name in [n for n in sys.modules if n == "app" or n.startswith("app.")]:
            del sys.modules[name]
    machine = machine_of(PACKAGE)
    scope = machine.scope(machine.index.modules["app/main.py"])
    assert [plain(scope.bindings[n]) for n in "ABC"] == [real.A, real.B, real.C]


def test_import_roots_are_found_by_who_imports_what() -> None:
    machine = machine_of(
        {
            "backend/app/__init__.py": "",
            "backend/app/main.py": "from app.models import X\n",
            "backend/app/models.py": "X = 1\n",
            "backend/alembic/env.py": "from alembic import context\nfrom app.models import X\n",
            "scripts/tool.py": "import report\n",
            "scripts/report.py": "Y = 2\n",
            "src/pkg/deep/mod.py": "from pkg.other import Z\n",
            "src/pkg/other.py": "Z = 3\n",
        }
    )
    dotted = {path: module.dotted for path, module in machine.index.modules.items()}
    assert dotted["backend/app/models.py"] == "app.models"
    assert dotted["backend/app/main.py"] == "app.main"
    assert dotted["scripts/report.py"] == "report"
    assert dotted["src/pkg/deep/mod.py"] == "pkg.deep.mod"
    env = machine.scope(machine.index.modules["backend/alembic/env.py"])
    assert getattr(env.bindings["context"], "name", None) == "alembic.context"
    assert plain(env.bindings["X"]) == 1


SETTINGS = """
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    ENV: str = "prod"
    PREFIX: str = "/v1"
settings = Settings()
A = f"{settings.PREFIX}/x"
if settings.ENV == "local":
    print("local")
else:
    print("other")
"""


def test_settings_are_configurable_and_branches_on_them_are_both_taken() -> None:
    machine = machine_of({"main.py": SETTINGS})
    scope = machine.scope(machine.index.modules["main.py"])
    value = scope.bindings["A"]
    assert isinstance(value, Const)
    assert (value.value, value.configurable) == ("/v1/x", True)
    printed = [e for e in machine.wiring.effects if e.kind == "call" and e.conditions]
    assert [[c.negated for c in e.conditions] for e in printed] == [[False], [True]]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_modules_end_in_bounded_time(text: str) -> None:
    machine = machine_of({"main.py": text})
    scope = machine.scope(machine.index.modules["main.py"])
    assert "__name__" in scope.bindings


def test_what_cannot_be_resolved_is_unknown_never_absent() -> None:
    machine = machine_of({"main.py": "from nowhere import *\nfrom also import *\nA = something\n"})
    scope = machine.scope(machine.index.modules["main.py"])
    assert isinstance(scope.bindings["A"], Unknown)


def trace_of(text: str, function: str) -> Trace:
    """A symbolic run of `function` with a symbol for each parameter."""
    machine = machine_of({"main.py": text})
    module = machine.index.modules["main.py"]
    value = machine.scope(module).bindings[function]
    assert isinstance(value, FunctionValue)
    symbols: dict[str, Value] = {p.name: Symbol(p.name, "input") for p in value.node.parameters}
    return machine.trace(value, Arguments(keywords=symbols), Origin(module, value.node))


def called(trace: Trace, name: str) -> list[Effect]:
    """The effects that call a member of that name."""
    found = [e for e in trace.effects if e.kind == "call" and isinstance(e.value, Application)]
    return [e for e in found if isinstance(f := e.value.function, Member) and f.name == name]  # type: ignore[attr-defined]


def assumed(effect: Effect) -> list[tuple[str, bool]]:
    """The operators (or symbols) of what was assumed, with whether each came out false."""
    tests = [(c.test, c.negated) for c in effect.conditions]
    return [(t.operator if isinstance(t, Operation) else getattr(t, "name", "?"), n) for t, n in tests]


GUARDED = """
def check(item, user):
    if item.owner_id != user.id:
        raise PermissionError

def checked_inline(session, item_id, user):
    item = session.get(item_id)
    if item.owner_id != user.id:
        raise PermissionError
    session.delete(item)

def checked_in_helper(session, item_id, user):
    item = session.get(item_id)
    check(item, user)
    session.delete(item)

def find(session, item_id, user):
    item = session.get(item_id)
    if item.owner_id != user.id:
        return None
    return item

def checked_by_none(session, item_id, user):
    item = find(session, item_id, user)
    if not item:
        raise LookupError
    session.delete(item)

def unchecked(session, item_id, user):
    item = session.get(item_id)
    if item.owner_id != user.id:
        print("not yours")
    session.delete(item)

def by_role(session, item_id, user):
    statement = session.select()
    if not user.admin:
        statement = statement.where(user.id)
    session.exec(statement)

def fails(user):
    user or stop()

def stop():
    raise LookupError

def ends(session, user):
    user or stop()
    session.delete(user)
"""


@pytest.mark.parametrize("function", ["checked_inline", "checked_in_helper", "checked_by_none"])
def test_a_check_that_raises_is_assumed_afterwards(function: str) -> None:
    (delete,) = called(trace_of(GUARDED, function), "delete")
    assert ("!=", True) in assumed(delete)


def test_a_check_that_does_not_leave_the_path_is_not_assumed() -> None:
    (delete,) = called(trace_of(GUARDED, "unchecked"), "delete")
    assert assumed(delete) == []


def test_a_value_that_depends_on_a_branch_keeps_its_conditions() -> None:
    (executed,) = called(trace_of(GUARDED, "by_role"), "exec")
    assert isinstance(executed.value, Application)
    statement = executed.value.arguments.positional[0]
    assert isinstance(statement, Choice)
    names = [getattr(getattr(a.value, "function", None), "name", None) for a in statement.alternatives]
    assert names == ["where", "select"]
    assert [[c.negated for c in a.conditions] for a in statement.alternatives] == [[False], [True]]


def test_or_with_a_call_that_always_raises_is_a_guard() -> None:
    (delete,) = called(trace_of(GUARDED, "ends"), "delete")
    assert assumed(delete) == [("user", False)]


def test_a_symbolic_run_changes_nothing_that_start_up_made() -> None:
    text = "registry = []\nclass C: pass\nbox = C()\ndef f(x):\n    registry.append(x)\n    box.x = x\n"
    machine = machine_of({"main.py": text})
    module = machine.index.modules["main.py"]
    scope = machine.scope(module)
    function = scope.bindings["f"]
    assert isinstance(function, FunctionValue)
    machine.trace(function, Arguments([Symbol("x", "input")]), Origin(module, function.node))
    assert plain(scope.bindings["registry"]) == []
    assert getattr(scope.bindings["box"], "attributes", None) == {}
