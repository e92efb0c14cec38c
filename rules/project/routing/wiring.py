"""A project's start-up: its modules are executed, uncalled factories called, lifespan functions run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rules.evaluation.machine import Machine
from rules.evaluation.modules import ModuleInfo
from rules.evaluation.values import Arguments, ClassValue, FunctionValue, Origin, Value
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.code_places import is_example, is_test
from rules.project.roots import creates_applications, root_modules
from rules.project.routing.framework import is_application, is_application_class
from rules.project.routing.registering import Registering
from rules.project.routing.registrations import Registrations

_MAX_STARTS = 200


class Wiring:
    """Runs the start-up once; `factories` tells which function made an application that nobody holds."""

    def __init__(self, machine: Machine, is_application_code: Callable[[str], bool]) -> None:
        self._machine = machine
        self._is_application_code = is_application_code
        self._registering = Registering(machine)
        self._started: set[int] = set()
        self.factories: dict[int, FunctionValue] = {}

    def run(self) -> Registrations:
        """Execute the application's own code; examples where the project has no other application."""
        modules = list(self._machine.index.modules.values())
        self._execute([m for m in modules if self._is_application_code(m.path)])
        found = self._registering.read()
        if not any(is_application(register.receiver) for register in found):
            self._execute([m for m in modules if is_example(m.path) and not is_test(m.path)])
            found = self._registering.read()
        return found

    def read(self) -> Registrations:
        """The registrations with what was evaluated since the last reading."""
        return self._registering.read()

    def _execute(self, modules: list[ModuleInfo]) -> None:
        roots = root_modules(self._machine, modules)
        for module in roots:
            self._machine.scope(module)
        self._registering.read()
        functions = [pair for module in roots for pair in self._functions(module)]
        makers = {id(f.node): self._creations(f) for f, _ in functions if creates_applications(f.module)}
        makers = {node: made for node, made in makers.items() if made}
        for function, _ in functions:
            called = [makers[node] for node in self._called(function) if node in makers]
            if called and id(function.node) not in makers and not self._exist(called[0]):
                self._call_factory(function, function)
        for function, entry in functions:
            if id(function.node) in makers and not self._exist(makers[id(function.node)]):
                self._call_factory(function, entry)
        self._start()

    def _functions(self, module: ModuleInfo) -> Iterator[tuple[FunctionValue, Value]]:
        """The module's functions and methods, each with what has to be called to run it."""
        for value in list(self._machine.scope(module).bindings.values()):
            if isinstance(value, FunctionValue) and value.module is module:
                yield value, value
            elif isinstance(value, ClassValue) and value.module is module:
                for method in list(value.attributes.values()):
                    if isinstance(method, FunctionValue) and method.module is module:
                        yield method, value if method.kind == "function" else method

    def _call_factory(self, function: FunctionValue, entry: Value) -> None:
        origin = Origin(function.module, function.node)
        before = {id(register.receiver) for register in self._registering.found}
        made = self._machine.call(entry, Arguments(), origin)
        self._registering.read()
        if isinstance(entry, ClassValue) and not self._exist(self._creations(function)):
            name = function.qualname.rpartition(".")[2]
            bound = self._machine.wiring.attribute(self._machine.wiring, made, name, origin)
            self._machine.call(bound, Arguments(), origin)
        for register in self._registering.read():
            if id(register.receiver) not in before and is_application(register.receiver):
                self.factories[id(register.receiver)] = function

    def _creations(self, function: FunctionValue) -> list[ir.Node]:
        return [n for n in walk(self._machine.body(function)) if self._creates_application(n, function)]

    def _called(self, function: FunctionValue) -> Iterator[int]:
        """The project functions that a function calls by their plain names."""
        for node in walk(self._machine.body(function)):
            if isinstance(node, ir.Call) and isinstance(node.function, ir.Name):
                value = function.scope.lookup(node.function.id)
                if isinstance(value, FunctionValue):
                    yield id(value.node)

    def _creates_application(self, node: ir.Node, function: FunctionValue) -> bool:
        if not isinstance(node, ir.Call):
            return False
        if isinstance(node.function, ir.Attribute):
            return node.function.name in {"FastAPI", "Starlette"}
        if not isinstance(node.function, ir.Name):
            return False
        value = function.scope.lookup(node.function.id)
        return node.function.id in {"FastAPI", "Starlette"} or (
            value is not None and is_application_class(value)
        )

    def _exist(self, calls: list[ir.Node]) -> bool:
        wanted = {id(call) for call in calls}
        return any(id(_creation(register.receiver)) in wanted for register in self._registering.found)

    def _start(self) -> None:
        """Run start-up handlers of applications, and of what those register, until nothing new comes."""
        for _ in range(_MAX_STARTS):
            waiting = list(self._waiting())
            if not waiting:
                return
            for handler, application, origin in waiting:
                self._machine.call(handler, Arguments([application] if _takes_one(handler) else []), origin)
            self._registering.read()

    def _waiting(self) -> Iterator[tuple[FunctionValue, Value, Origin]]:
        for register in self._registering.found:
            for handler, origin in register.startup:
                if id(handler) not in self._started and isinstance(handler, FunctionValue):
                    self._started.add(id(handler))
                    yield handler, register.receiver, origin


def _takes_one(function: FunctionValue) -> bool:
    return len(function.node.parameters) > (1 if function.bound is not None else 0)


def _creation(value: Value) -> object:
    origin = getattr(value, "origin", None)
    return origin.node if isinstance(origin, Origin) else None
