"""The functions of the project that an effect lies in, by the calls that lead to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.evaluation.modules import ModuleInfo
from rules.evaluation.values import Effect, Origin
from rules.ir import nodes as ir
from rules.ir.walk import walk


@dataclass(frozen=True, slots=True)
class Frame:
    """A function that runs, and the call in it (`site`) that leads on, or is the effect itself."""

    function: ir.Function
    site: Origin

    @property
    def module(self) -> ModuleInfo:
        """The module that the function stands in."""
        return self.site.module

    @property
    def origin(self) -> Origin:
        """The function's definition."""
        return Origin(self.site.module, self.function)

    def body(self) -> tuple[ir.Stmt, ...]:
        """The function's statements."""
        return self.module.source.module.body(self.function)

    def nodes(self) -> tuple[ir.Node, ...]:
        """Every node of them."""
        return self.module.source.module.nodes(self.function)


@dataclass(slots=True)
class Frames:
    """Finds functions by position; what was read of a module is remembered."""

    _functions: dict[str, tuple[ir.Function, ...]] = field(default_factory=dict)
    _nested: dict[int, tuple[ir.Function, ...]] = field(default_factory=dict)
    _yields: dict[int, bool] = field(default_factory=dict)
    _enclosing: dict[int, tuple[Origin, ir.Function | None]] = field(default_factory=dict)

    def of(self, effect: Effect) -> list[Frame]:
        """The frames from the handler or dependency inwards; module-level code and classes have none."""
        found: list[Frame] = []
        for site in (*effect.stack[1:], effect.origin):
            function = self.enclosing(site)
            if function is not None:
                found.append(Frame(function, site))
        return found

    def enclosing(self, origin: Origin) -> ir.Function | None:
        """The innermost function whose span holds a node."""
        known = self._enclosing.get(id(origin.node))
        if known is None:
            known = self._enclosing[id(origin.node)] = (origin, self._found(origin))
        return known[1]

    def _found(self, origin: Origin) -> ir.Function | None:
        found: ir.Function | None = None
        pending = self._of_module(origin.module)
        while True:
            inner = next((f for f in pending if f is not origin.node and covers(f, origin.node)), None)
            if inner is None:
                return found
            found, pending = inner, self._inside(origin.module, inner)

    def is_generator(self, frame: Frame) -> bool:
        """Whether the frame's function yields."""
        key = id(frame.function)
        if key not in self._yields:
            self._yields[key] = any(isinstance(node, ir.Yield) for node in frame.nodes())
        return self._yields[key]

    def _of_module(self, module: ModuleInfo) -> tuple[ir.Function, ...]:
        if module.path not in self._functions:
            self._functions[module.path] = tuple(_functions(module.source.module.statements))
        return self._functions[module.path]

    def _inside(self, module: ModuleInfo, function: ir.Function) -> tuple[ir.Function, ...]:
        if id(function) not in self._nested:
            self._nested[id(function)] = tuple(_functions(module.source.module.body(function)))
        return self._nested[id(function)]


def _functions(suite: tuple[ir.Stmt, ...]) -> Iterator[ir.Function]:
    return (node for node in walk(suite) if isinstance(node, ir.Function))


def covers(outer: ir.Node, inner: ir.Node) -> bool:
    """Whether one node's span holds another's; both of one file."""
    return (outer.line, outer.column) <= (inner.line, inner.column) and (
        inner.end_line,
        inner.end_column,
    ) <= (outer.end_line, outer.end_column)


def decorator_names(function: ir.Function) -> Iterator[str]:
    """The last names of a function's decorators: `contextmanager` for `@contextlib.contextmanager`."""
    for decorator in function.decorators:
        inner = decorator.function if isinstance(decorator, ir.Call) else decorator
        if isinstance(inner, ir.Attribute):
            yield inner.name
        elif isinstance(inner, ir.Name):
            yield inner.id
