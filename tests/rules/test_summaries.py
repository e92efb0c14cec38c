"""Calls that depend on nothing a request brings: evaluated once, never leaking from one run to another."""

from __future__ import annotations

from rules.evaluation.machine import Machine, Trace
from rules.evaluation.values import Arguments, Const, FunctionValue, Member, Operation, Origin, Symbol, Value
from tests.rules.test_evaluation import assumed, called, machine_of

TEXT = """
class Service:
    def __init__(self, name):
        self.name = name
        self.user = None

class Registry:
    current = None

def locate(name):
    log(name)
    return Service(name)

def shared(user):
    service = locate("a")
    service.user = user
    return service.user

def plain():
    return locate("a").user

def twice(session):
    locate("a").run(session)
    locate("a").run(session)
    session.add(1)

def fail():
    raise LookupError

def guarded(session, item):
    if item.bad:
        fail()
    session.add(item)

def set_state(request, user):
    request.state.user = user
    request.user = user

def reads_state(request, user):
    set_state(request, user)
    return request.user
"""


def run(machine: Machine, function: str) -> Trace:
    module = machine.index.modules["main.py"]
    value = machine.scope(module).bindings[function]
    assert isinstance(value, FunctionValue)
    symbols: dict[str, Value] = {p.name: Symbol(p.name, "input") for p in value.node.parameters}
    return machine.trace(value, Arguments(keywords=symbols), Origin(module, value.node))


def test_a_write_to_what_a_summary_made_is_seen_by_its_own_run_alone() -> None:
    machine = machine_of({"main.py": TEXT})
    assert isinstance(run(machine, "plain").value, Const)
    first = run(machine, "shared").value
    assert isinstance(first, Symbol)
    assert first.name == "user"
    after = run(machine, "plain").value
    assert isinstance(after, Const)
    assert after.value is None


def test_a_repeated_call_has_its_effects_again() -> None:
    machine = machine_of({"main.py": TEXT})
    logged = [e for e in run(machine, "twice").effects if "log" in repr(getattr(e.value, "function", ""))]
    assert len(logged) == 2


def test_a_call_that_always_raises_ends_the_path_each_time() -> None:
    machine = machine_of({"main.py": TEXT})
    for _ in range(2):
        (add,) = called(run(machine, "guarded"), "add")
        (condition,) = add.conditions
        assert isinstance(condition.test, Member | Operation)
        assert condition.negated
        assert assumed(add) == [("bad", True)]


def test_an_attribute_set_on_an_input_is_read_back_in_the_same_run() -> None:
    machine = machine_of({"main.py": TEXT})
    value = run(machine, "reads_state").value
    assert isinstance(value, Symbol)
    assert value.name == "user"
