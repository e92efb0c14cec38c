"""Which origins a cross-origin permission names, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import Application, Condition, Const, Sequence, Value, alternatives
from rules.project.hardening.development_guards import only_in_development
from rules.project.isolation.terms import called_name, receiver

_LOCAL = re.compile(
    r"^(localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[?::1|[\w-]+(:\d+)?$"
    r"|.*\.(local|localhost|test|internal|example|lan|svc)(:\d+)?$)",
    re.IGNORECASE,
)
_ANY_HOST = re.compile(r"^(\(?:?\.[*+]\)?|\[\^[^\]]*\][*+]|\\S[*+])(\(?:?:(\\d|\[0-9\])[+*]?\)?\??)?$")
_SCHEME = re.compile(
    r"^\^?\(?(\?:)?(https?\??|\(\??:?https?\|https?\)|https\|http|http\|https)\)?\??(:\\?/\\?/|://)"
)
_OPEN_START = re.compile(r"^\(?\.[*+]\)?(?P<next>[\w\\])")
_BARE_DOT = re.compile(r"(?<=[\w\])])(?<!\\)\.(?=[A-Za-z]{2,}(\W|$))(?![*+?{])")


@dataclass(frozen=True, slots=True)
class NamedOrigin:
    """One origin as it is written; `certain` unless it holds on some paths only."""

    text: str
    certain: bool


def origins_of(value: Value | None) -> Iterator[NamedOrigin]:
    """The origins that a list, tuple or text names; those for developers alone are left out."""
    for alternative in alternatives(value) if value is not None else ():
        if not only_in_development(alternative.conditions):
            yield from _of(alternative.value, alternative.conditions)


def _of(value: Value, conditions: tuple[Condition, ...]) -> Iterator[NamedOrigin]:
    if isinstance(value, Sequence):
        for item in value.items:
            yield from _items(item, conditions)
    elif isinstance(value, Const) and isinstance(value.value, str):
        for part in re.split(r"[\s,]+", value.value.strip('[]" ')):
            yield NamedOrigin(part.strip("\"'"), not conditions and not value.configurable)
    elif isinstance(value, Application) and called_name(value) in {"split", "list", "loads", "strip"}:
        inner = receiver(value) or next(iter(value.arguments.positional), None)
        if isinstance(inner, Const):
            yield from _of(inner, conditions)


def _items(item: Value, conditions: tuple[Condition, ...]) -> Iterator[NamedOrigin]:
    for alternative in alternatives(item):
        inner = alternative.value
        if isinstance(inner, Application) and inner.arguments.positional:
            inner = inner.arguments.positional[0]
        if isinstance(inner, Const) and isinstance(inner.value, str):
            certain = not conditions and not alternative.conditions and not inner.configurable
            if not only_in_development(alternative.conditions):
                yield NamedOrigin(inner.value.strip(), certain)


def is_plain_http(text: str) -> bool:
    """Whether an origin is served without TLS, and not on this machine or a private network."""
    scheme, _, host = text.partition("://")
    return scheme.lower() == "http" and bool(host) and "*" not in host and not _LOCAL.match(host)


def pattern_fault(pattern: str) -> str | None:
    """What is wrong with `allow_origin_regex`, which has to match the whole origin.

    `any` origin, `suffix` for hosts that merely end in the project's, `dot` for a dot that means any letter.
    """
    bare = pattern.removeprefix("^").removesuffix("$")
    if re.fullmatch(r"\(?\.[*+]\)?", bare):
        return "any"
    scheme = _SCHEME.match(bare)
    rest = bare[scheme.end() :] if scheme is not None else bare
    rest = rest.removesuffix("/?")
    if _ANY_HOST.match(rest):
        return "any"
    if re.match(r"(https?\??|\(https?)?:?/?/?\(?(localhost|127)", rest):
        return None
    start = _OPEN_START.match(rest)
    if start is not None and not rest[start.start("next") :].startswith(("\\.", "\\-")):
        return "suffix"
    return "dot" if _BARE_DOT.search(rest) else None
