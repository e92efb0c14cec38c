"""Calls: project functions are entered, classes instantiated, everything else becomes a term."""

from __future__ import annotations

from msgspec import structs

from rules.evaluation import containers, environment, library
from rules.evaluation.attributes import find_in_class
from rules.evaluation.patterns import FUNCTIONS, compiled
from rules.evaluation.run import MAX_DEPTH, Frame, PathEnded, Run
from rules.evaluation.scopes import Scope
from rules.evaluation.signatures import bind
from rules.evaluation.summaries import call_once
from rules.evaluation.values import (
    Alternative,
    Application,
    Arguments,
    Choice,
    ClassValue,
    Condition,
    Const,
    Dictionary,
    External,
    FunctionValue,
    Instance,
    Member,
    Origin,
    Parametrized,
    Sequence,
    Unknown,
    Value,
    alternatives,
    choose,
)
from rules.ir import nodes as ir

_COMPUTED = (Const, Sequence, Dictionary, Instance)
"""What has methods that are run, not logged as calls of something unknown."""


def call(run: Run, function: Value, arguments: Arguments, origin: Origin) -> Value:
    """The value of `function(arguments)`. Raises PathEnded where the call always raises."""
    run.step()
    if isinstance(function, FunctionValue):
        return call_once(run, function, arguments, origin, _enter)
    if isinstance(function, Member) and not isinstance(function.of, _COMPUTED):
        return _of_term(run, function, arguments, origin)
    match function:
        case ClassValue():
            return instantiate(run, function, arguments, origin)
        case Parametrized(base=ClassValue() as cls):
            made = instantiate(run, cls, arguments, origin)
            if isinstance(made, Instance):
                made.attributes.setdefault("__orig_class__", function)
            return made
        case Parametrized(base=External() as base):
            return library.call(run, base, arguments, origin)
        case External():
            return library.call(run, function, arguments, origin)
        case Instance():
            found = find_in_class(function.cls, "__call__")
            if found is not None and isinstance(found[0], FunctionValue):
                return _enter(run, _bound(found[0], function), arguments, origin)
            return run.opaque_call(function, arguments, origin)
        case Choice():
            return _each_alternative(run, function, arguments, origin)
        case Member(of=Const() | Sequence() | Dictionary() as owner, name=name):
            return containers.method(run, owner, name, arguments, origin)
        case Member(of=Instance() as owner, name="__init__"):
            owner.arguments = arguments
            run.log("call", owner, origin)
            return Const(None)
        case Application(function=External(name="functools.partial"), arguments=bound) if bound.positional:
            return call(run, bound.positional[0], _behind(bound, arguments), origin)
        case _:
            return _of_term(run, function, arguments, origin)


def _behind(bound: Arguments, given: Arguments) -> Arguments:
    """The arguments of a call of `partial(function, *bound)`."""
    return Arguments(
        [*bound.positional[1:], *given.positional],
        {**bound.keywords, **given.keywords},
        bound.is_open or given.is_open,
    )


def _of_term(run: Run, function: Value, arguments: Arguments, origin: Origin) -> Value:
    if isinstance(function, Member) and function.name in FUNCTIONS and compiled(function.of) is not None:
        merged = Arguments([function.of, *arguments.positional], arguments.keywords, arguments.is_open)
        return library.call(run, External(f"re.{function.name}"), merged, origin)
    return environment.default(function, arguments) or run.opaque_call(function, arguments, origin)


def _bound(function: FunctionValue, value: Value) -> FunctionValue:
    return structs.replace(function, bound=value)


def _each_alternative(run: Run, function: Choice, arguments: Arguments, origin: Origin) -> Value:
    found: list[Alternative] = []
    for alternative in function.alternatives:
        base = len(run.conditions)
        run.conditions.extend(alternative.conditions)
        try:
            value = call(run, alternative.value, arguments, origin)
        except PathEnded:
            continue
        finally:
            del run.conditions[base:]
        found += [Alternative(a.value, alternative.conditions + a.conditions) for a in alternatives(value)]
    if not found:
        raise PathEnded
    return choose(found)


def _enter(run: Run, function: FunctionValue, arguments: Arguments, origin: Origin) -> Value:
    if len(run.frames) >= MAX_DEPTH or [f.node for f in run.frames].count(function.node) > 1:
        run.complete = run.complete and len(run.frames) < MAX_DEPTH
        return Unknown(f"{function.qualname} calls itself or lies too deep")
    scope = Scope("function", function.module, function.scope, function.qualname)
    if function.owner is not None and function.bound is not None:
        scope.bindings["__class__"] = function.owner
        scope.bindings["__self__"] = function.bound
    bind(run, function, arguments, scope)
    frame = Frame(function.node, len(run.conditions))
    run.frames.append(frame)
    outer, run.stack = run.stack, (*run.stack, origin)
    try:
        if isinstance(function.node, ir.Lambda):
            return run.evaluate(run, function.node.body, scope)
        falls = run.execute(run, function.module.source.module.body(function.node), scope)
        if falls:
            frame.exits.append((Const(None), tuple(run.conditions[frame.base :])))
        return _result(run, frame)
    finally:
        run.stack = outer
        run.frames.pop()
        if isinstance(function.node, ir.Lambda):
            del run.conditions[frame.base :]


def _result(run: Run, frame: Frame) -> Value:
    del run.conditions[frame.base :]
    if not frame.exits:
        if frame.yields:
            return Sequence("generator", frame.yields, is_open=True)
        raise PathEnded
    common = _common([conditions for _, conditions in frame.exits])
    run.conditions.extend(common)
    if frame.yields:
        return Sequence("generator", frame.yields, is_open=True)
    kept = {id(c) for c in common}
    found: list[Alternative] = []
    for value, conditions in frame.exits:
        own = tuple([c for c in conditions if id(c) not in kept]) if kept else conditions
        found.append(Alternative(value, own))
    return choose(found)


def _common(paths: list[tuple[Condition, ...]]) -> list[Condition]:
    """The conditions that stand on all paths, by identity."""
    first, *rest = paths
    if not rest:
        return list(first)
    everywhere = set.intersection(*({id(c) for c in path} for path in rest))
    return [c for c in first if id(c) in everywhere] if everywhere else []


def instantiate(run: Run, cls: ClassValue, arguments: Arguments, origin: Origin) -> Value:
    """`cls(arguments)`: an instance whose `__init__` was run, or whose fields were filled."""
    if any(external.rpartition(".")[2].endswith(("Enum", "Flag")) for external in cls.externals()):
        return run.opaque_call(cls, arguments, origin)
    made = Instance(cls, Arguments(), origin)
    run.own(made)
    found = find_in_class(cls, "__init__")
    if found is not None and isinstance(found[0], FunctionValue):
        run.log("call", made, origin)
        _enter(run, _bound(found[0], made), arguments, origin)
        return made
    made.arguments = arguments
    made.attributes.update({k: v for k, v in arguments.keywords.items() if k != "**"})
    names = [
        f.name for base in reversed(cls.linearized()) if isinstance(base, ClassValue) for f in base.fields
    ]
    for name, value in zip(names, arguments.positional, strict=False):
        made.attributes.setdefault(name, value)
    run.log("call", made, origin)
    return made
