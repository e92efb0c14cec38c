"""Secrets that stand in the source: literals that reach a library's secret, and defaults of settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import ClassValue
from rules.finding import Place, TrailStep
from rules.project.hardening.compared_secrets import compared_secrets
from rules.project.hardening.development_guards import only_in_development
from rules.project.hardening.literal_places import LiteralPlaces
from rules.project.hardening.literal_standing import Standing, standing_of
from rules.project.hardening.middleware_options import middleware_secrets
from rules.project.hardening.refused_defaults import RefusedDefaults
from rules.project.hardening.secret_sinks import SecretSink, assigned_secrets, secret_sinks
from rules.project.hardening.secret_texts import (
    is_local_url,
    is_password_of_user,
    is_secret_text,
    is_well_known,
    url_password,
)
from rules.project.hardening.settings_secrets import (
    SettingsSecret,
    is_password_name,
    is_secret_field_name,
    settings_secrets,
)
from rules.project.hardening.terms_of_text import Text, texts_of
from rules.project.isolation.placement import place_of
from rules.project.layering.environment_reads import settings_classes
from rules.rule import Confidence, Severity

if TYPE_CHECKING:
    from rules.project.project import Project

_SHORTEST = 3
_SURE = 8
_SCHEME = re.compile(r"^(bearer|basic|token|bot|apikey|key)[ =]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HardcodedSecret:
    """A literal that is a secret: what it is used as, where it is written, and how it gets there."""

    what: str
    place: Place
    standing: Standing | None
    confidence: Confidence
    severity: Severity
    is_default: bool
    trail: tuple[TrailStep, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Facts:
    places: LiteralPlaces
    refused: RefusedDefaults
    settings: dict[int, ClassValue]

    @classmethod
    def of(cls, project: Project) -> _Facts:
        counts = project.application_code
        settings = {id(s.model.node): s.model for s in settings_classes(project)}
        return cls(
            LiteralPlaces(project.index.modules, counts), RefusedDefaults(project.machine, counts), settings
        )


def hardcoded_secrets(project: Project) -> Iterator[HardcodedSecret]:
    """Each literal once: those that were followed to their use before those that only a name speaks for."""
    seen: set[tuple[str, int]] = set()
    facts = _Facts.of(project)
    for sink in _sinks(project):
        for text in texts_of(sink.value):
            found = _of_sink(sink, text, facts)
            guarded = found is not None and only_in_development(sink.use.effect.conditions)
            if found is not None and not guarded and _new(seen, found):
                yield found
    for secret in settings_secrets(project):
        found = _of_settings(secret, facts)
        if found is not None and _new(seen, found):
            yield found


def _new(seen: set[tuple[str, int]], found: HardcodedSecret) -> bool:
    key = found.place.path, found.place.line
    if key in seen:
        return False
    seen.add(key)
    return True


def _sinks(project: Project) -> Iterator[SecretSink]:
    uses = project.library_uses
    yield from secret_sinks(uses.calls)
    yield from middleware_secrets(project)
    yield from assigned_secrets(uses.attributes)
    yield from compared_secrets(project)


def _of_sink(sink: SecretSink, text: Text, facts: _Facts) -> HardcodedSecret | None:
    secret = _secret_in(sink, text)
    if secret is None or len(secret) < _SHORTEST or only_in_development(text.conditions):
        return None
    standing = _literal(text, secret, facts, sink)
    if standing is None or (text.configurable and _is_refused(text.text, standing, facts)):
        return None
    severity, confidence = _weighed(text.text, is_default=text.configurable, certain=sink.certain)
    if text.conditions:
        confidence = min(confidence, Confidence.MEDIUM, key=lambda c: c.rank)
    return HardcodedSecret(
        what=sink.what,
        place=place_of(standing.literal),
        standing=standing,
        confidence=confidence,
        severity=severity,
        is_default=text.configurable,
        trail=sink.use.trail(f"it is used as {sink.what}"),
    )


def _secret_in(sink: SecretSink, text: Text) -> str | None:
    """The part of a text that is secret; None where that part comes from elsewhere."""
    password = url_password(text.text)
    if password is not None or sink.is_url or "://" in text.text:
        return password
    bare = _SCHEME.sub("", text.text)
    if sink.is_header and len(bare) < _SURE:
        return None
    return bare if is_secret_text(bare) else None


def _is_refused(text: str, standing: Standing, facts: _Facts) -> bool:
    return facts.refused.is_refused(text, standing.settings, standing.name)


def _literal(text: Text, secret: str, facts: _Facts, sink: SecretSink) -> Standing | None:
    """The literal that the text came from: the one that is named as a secret, where several are the same."""
    module = sink.use.effect.origin.module
    whole = [p for piece in text.pieces if secret in piece for p in facts.places.of(piece)]
    found = [standing_of(p, facts.settings) for p in whole or facts.places.of(secret)]
    if not found and (part := facts.places.holding(secret, module)) is not None and len(secret) > _SURE:
        return standing_of(part, facts.settings)
    names_it = is_password_name if sink.is_url else is_secret_field_name
    named = [s for s in found if names_it(s.name)]
    near = [s for s in named or found if s.literal.module is module]
    if not whole and not named and len(secret) <= _SURE:
        return None
    return next(iter(near or named or found), None)


def _of_settings(secret: SettingsSecret, facts: _Facts) -> HardcodedSecret | None:
    field = secret.field
    if facts.refused.is_refused(secret.text, secret.cls, field.name):
        return None
    module = field.declared_by.module
    lines = range(field.place.line, field.place.end_line + 1)
    inside = (p for p in facts.places.of(secret.text) if p.module is module and p.node.line in lines)
    standing = next((standing_of(p, facts.settings) for p in inside), None)
    severity, confidence = _weighed(secret.text, is_default=True, certain=False)
    if is_password_name(field.name) and is_well_known(secret.text):
        severity, confidence = Severity.MEDIUM, Confidence.LOW
    return HardcodedSecret(
        what=f"the setting `{field.name}`",
        place=field.place if standing is None else place_of(standing.literal),
        standing=standing,
        confidence=confidence,
        severity=severity,
        is_default=True,
        trail=(TrailStep(field.place.path, field.place.line, f"`{field.name}` has a default"),),
    )


def _weighed(text: str, *, is_default: bool, certain: bool) -> tuple[Severity, Confidence]:
    """What everybody knows of a local database protects nothing, and mostly runs on a developer's machine."""
    confidence = Confidence.HIGH if certain else Confidence.MEDIUM
    password = url_password(text)
    if password is None:
        return Severity.HIGH, confidence
    known = is_well_known(password) or is_password_of_user(text)
    if known and is_local_url(text):
        return Severity.MEDIUM, Confidence.LOW if is_default else Confidence.MEDIUM
    if is_default and is_local_url(text):
        return Severity.MEDIUM, Confidence.MEDIUM
    return Severity.HIGH, confidence
