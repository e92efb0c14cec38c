"""Literals that a client's credential is compared with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.evaluation.values import Application, Const, Effect, Item, Member, Operation, Symbol, Value
from rules.project.hardening.library_uses import LibraryUses, Use
from rules.project.hardening.secret_sinks import SecretSink
from rules.project.isolation.roles import ClientInput, Connection, Credential
from rules.project.isolation.terms import called_name, constant_text, walk
from rules.project.taint.credential_names import credential_name

if TYPE_CHECKING:
    from rules.project.project import Project

_DIGESTS = frozenset({"secrets.compare_digest", "hmac.compare_digest"})
_SHORTEST = 4


def compared_secrets(project: Project) -> Iterator[SecretSink]:
    """What `compare_digest`, `==` and `!=` hold beside a credential."""
    uses: LibraryUses = project.library_uses
    for use in uses.calls:
        if use.call.name in _DIGESTS and len(use.call.arguments.positional) == 2:
            yield from _beside(use.call.arguments.positional, use)
    seen: set[int] = set()
    paths: set[int] = set()
    for context in project.request_contexts:
        for effect in context.log.effects:
            if id(effect.conditions) in paths:
                continue
            paths.add(id(effect.conditions))
            for condition in effect.conditions:
                if id(condition) not in seen:
                    seen.add(id(condition))
                    if _is_comparison(condition.test) and isinstance(condition.test, Operation):
                        origin = condition.test.origin
                        compared = Effect("call", condition.test, (), origin, effect.stack)
                        yield from _beside(condition.test.operands, Use(compared, context))


def _is_comparison(test: Value) -> bool:
    if not isinstance(test, Operation) or test.operator not in {"==", "!="}:
        return False
    return len(test.operands) == 2 and any(isinstance(o, Const) for o in test.operands)


def _beside(operands: list[Value], use: Use) -> Iterator[SecretSink]:
    for literal, other in (operands, operands[::-1]):
        if _is_long(literal) and is_credential(other):
            yield SecretSink("the credential that clients must send", literal, use)


def _is_long(value: Value) -> bool:
    inner = value.function.of if _is_encoded(value) else value  # type: ignore[attr-defined]
    return isinstance(inner, Const) and isinstance(inner.value, str | bytes) and len(inner.value) >= _SHORTEST


def _is_encoded(value: Value) -> bool:
    return (
        isinstance(value, Application)
        and isinstance(value.function, Member)
        and called_name(value) == "encode"
        and isinstance(value.function.of, Const)
    )


def is_credential(value: Value) -> bool:
    """Whether a value is a password, key or token that the client sends: not its scheme or user name."""
    inner = value
    while isinstance(inner, Application) and called_name(inner) in {"encode", "str", "strip"}:
        given = inner.arguments.positional
        if not isinstance(inner.function, Member) and not given:
            return False
        inner = inner.function.of if isinstance(inner.function, Member) else given[0]
    match inner:
        case Symbol(role=Credential(name=name)):
            return name.startswith("APIKey")
        case Symbol(role=ClientInput(name=name)):
            return credential_name(name) is not None
        case Member(of=of, name=name):
            return credential_name(name) is not None and _is_of_client(of)
        case Item(of=of, key=Const(value=str(name))):
            return credential_name(name) is not None and _is_of_client(of)
        case Application(function=Member(of=of, name="get"), arguments=arguments):
            first = constant_text(next(iter(arguments.positional), None))
            return first is not None and credential_name(first) is not None and _is_of_client(of)
        case _:
            return False


def _is_of_client(value: Value) -> bool:
    return any(
        isinstance(node, Symbol) and isinstance(node.role, Credential | ClientInput | Connection)
        for node in walk(value)
    )
