"""What is wrong with a project's cross-origin permissions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import Application, Const, Dictionary, Item, Member, Symbol, Value
from rules.finding import Place, TrailStep
from rules.ir import nodes as ir
from rules.project.hardening.cors_origins import is_plain_http, pattern_fault
from rules.project.hardening.cors_policies import CorsPolicy, cors_policies
from rules.project.hardening.development_guards import only_in_development
from rules.project.hardening.library_uses import AttributeSet, Use
from rules.project.isolation.roles import ClientInput, Connection
from rules.project.isolation.terms import called_name, walk
from rules.rule import Confidence, Severity

if TYPE_CHECKING:
    from rules.project.project import Project

_ALLOWED = "access-control-allow-origin"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CorsFault:
    """One permission that reaches too far: `phrase` says whom it lets in."""

    phrase: str
    cure: str
    place: Place
    severity: Severity
    confidence: Confidence
    policy: CorsPolicy | None = None
    plain: str = ""
    trail: tuple[TrailStep, ...] = ()


def cors_faults(project: Project) -> Iterator[CorsFault]:
    """The worst fault of each configuration, and each origin that is sent back unchecked."""
    for policy in cors_policies(project):
        if not only_in_development(policy.conditions):
            found = list(_of(policy))
            if found:
                yield max(found, key=lambda f: (f.severity.rank, f.confidence.rank))
    yield from _reflections(project)


def _of(policy: CorsPolicy) -> Iterator[CorsFault]:
    listed = "allow_origins" in policy.by_settings
    named: dict[str, bool] = {}
    for origin in policy.origins:
        named[origin.text] = named.get(origin.text, False) or origin.certain
    if "*" in named:
        yield _any(policy, Confidence.HIGH if named["*"] and not listed else Confidence.MEDIUM)
    if "null" in named:
        phrase = "the origin `null`, which every sandboxed page and file has, may"
        yield _fault(
            policy, phrase, "leave it out", Severity.CRITICAL if policy.credentials else Severity.MEDIUM
        )
    plain = sorted(text for text in named if is_plain_http(text))
    if plain:
        phrase = f"`{plain[0]}` is served without TLS, so that whoever is on the way may"
        confidence = Confidence.MEDIUM if listed or not named[plain[0]] else Confidence.HIGH
        yield _fault(policy, phrase, "name its https origin", Severity.MEDIUM, confidence, plain[0])
    yield from _of_pattern(policy)


def _any(policy: CorsPolicy, confidence: Confidence) -> CorsFault:
    if policy.credentials is None:
        confidence = Confidence.MEDIUM
    severity = Severity.MEDIUM if policy.credentials is False else Severity.CRITICAL
    if policy.conditions:
        confidence = min(confidence, Confidence.MEDIUM, key=lambda c: c.rank)
    return _fault(
        policy, "pages of any origin may", "name the origins of your own pages", severity, confidence
    )


def _of_pattern(policy: CorsPolicy) -> Iterator[CorsFault]:
    fault = pattern_fault(policy.pattern) if policy.pattern else None
    confidence = Confidence.MEDIUM if "allow_origin_regex" in policy.by_settings else Confidence.HIGH
    wide = Severity.CRITICAL if policy.credentials else Severity.MEDIUM
    if fault == "any":
        yield _fault(
            policy, "pages of any origin may", "name the origins of your own pages", wide, confidence
        )
    elif fault == "suffix":
        phrase = "every host whose name merely ends like yours may"
        yield _fault(policy, phrase, r"begin the host with `([\w-]+\.)?`", wide, confidence)
    elif fault == "dot":
        phrase = "hosts that have another letter for a dot of the pattern may"
        yield _fault(policy, phrase, r"write the dots as `\.`", Severity.MEDIUM, Confidence.MEDIUM)


def _fault(
    policy: CorsPolicy,
    phrase: str,
    cure: str,
    severity: Severity,
    confidence: Confidence = Confidence.HIGH,
    plain: str = "",
) -> CorsFault:
    what = " call this API with its users' cookies" if policy.credentials else " read what this API answers"
    return CorsFault(
        phrase=phrase + what,
        cure=cure,
        place=policy.place,
        severity=severity,
        confidence=confidence,
        policy=policy,
        plain=plain,
        trail=(TrailStep(policy.place.path, policy.place.line, "the permission is given here"),),
    )


def _reflections(project: Project) -> Iterator[CorsFault]:
    """The request's own `Origin` as `Access-Control-Allow-Origin`, with no test of it around."""
    uses = project.library_uses
    sent: list[tuple[Use, Value]] = [
        (use, use.value) for use in uses.attributes if use.name == "[]" and _key(use) == _ALLOWED
    ]
    for call in uses.calls:
        headers = call.call.arguments.keywords.get("headers")
        if isinstance(headers, Dictionary):
            sent += [(call, value) for key, value in headers.items if _text(key) == _ALLOWED]
    for use, value in sent:
        tested = any(
            _is_origin(node) for c in use.effect.conditions for node in walk(c.test) if c.test is not value
        )
        if any(_is_origin(node) for node in walk(value)) and not (tested and _compares(use)):
            yield CorsFault(
                phrase="the origin of the request is sent back as an allowed one: pages of any origin may "
                "read what this API answers",
                cure="compare it with the origins of your own pages",
                place=use.place,
                severity=Severity.CRITICAL if _with_credentials(uses.attributes, use) else Severity.MEDIUM,
                confidence=Confidence.HIGH if use.context is not None else Confidence.MEDIUM,
                trail=use.trail("the origin is sent back here"),
            )


def _compares(use: Use) -> bool:
    """A mere test whether there is an origin at all lets every one through."""
    return any(
        not _is_origin(c.test) and any(_is_origin(n) for n in walk(c.test)) for c in use.effect.conditions
    )


def _with_credentials(attributes: Iterator[AttributeSet], beside: Use) -> bool:
    path = beside.place.path
    return any(_key(a) == "access-control-allow-credentials" and a.place.path == path for a in attributes)


def _key(use: AttributeSet) -> str:
    node = use.effect.origin.node
    index = node.index if isinstance(node, ir.Subscript) else None
    return index.value.lower() if isinstance(index, ir.Constant) and isinstance(index.value, str) else ""


def _text(value: Value) -> str:
    return value.value.lower() if isinstance(value, Const) and isinstance(value.value, str) else ""


def _is_origin(value: Value) -> bool:
    match value:
        case Symbol(role=ClientInput(name=name)):
            return name.lower() == "origin"
        case Item(of=Member(name="headers", of=Symbol(role=Connection())), key=Value() as key):
            return _text(key) == "origin"
        case Application(function=Member(of=Member(name="headers")), arguments=arguments):
            first = arguments.positional[:1]
            return called_name(value) == "get" and any(_text(f) == "origin" for f in first)
        case _:
            return False
