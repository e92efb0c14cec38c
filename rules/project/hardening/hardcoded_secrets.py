"""Secrets that stand in the source: literals that reach a library's secret, and defaults of settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import Origin
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
from rules.project.hardening.settings_secrets import SettingsSecret, settings_secrets
from rules.project.hardening.terms_of_text import Text, texts_of
from rules.rule import Confidence, Severity

if TYPE_CHECKING:
    from rules.project.project import Project

_SHORTEST = 3
_SCHEMES = ("Bearer ", "Basic ", "Token ", "bearer ", "token ")


@dataclass(frozen=True, slots=True, eq=False)
class HardcodedSecret:
    """A literal that is a secret: what it is used as, where it is written, and how it gets there."""

    what: str
    place: Place
    standing: Standing | None
    confidence: Confidence
    severity: Severity
    is_default: bool
    trail: tuple[TrailStep, ...]


def hardcoded_secrets(project: Project) -> Iterator[HardcodedSecret]:
    """Each literal once: those that were followed to their use before those that only a name speaks for."""
    seen: set[tuple[str, int]] = set()
    places = LiteralPlaces(project.index.modules, project.application_code)
    refused = RefusedDefaults(project.machine, project.application_code)
    for sink in _sinks(project):
        if only_in_development(sink.use.effect.conditions):
            continue
        for text in texts_of(sink.value):
            found = _of_sink(sink, text, places, refused)
            if found is not None and _new(seen, found):
                yield found
    for secret in settings_secrets(project):
        found = _of_settings(secret, places, refused)
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


def _of_sink(
    sink: SecretSink, text: Text, places: LiteralPlaces, refused: RefusedDefaults
) -> HardcodedSecret | None:
    secret = _secret_in(sink, text)
    if secret is None or len(secret) < _SHORTEST or only_in_development(text.conditions):
        return None
    near = sink.use.effect.origin.module
    origin = _literal(text, secret, places, near, sink)
    standing = standing_of(origin) if origin is not None else None
    cls = standing.settings if standing is not None else None
    name = standing.name if standing is not None else ""
    if text.configurable or cls is not None:
        if refused.is_refused(text.text, cls, name):
            return None
    severity, confidence = _weighed(text.text, text.configurable, certain=sink.certain)
    if origin is None or text.conditions or sink.use.effect.conditions:
        confidence = min(confidence, Confidence.MEDIUM, key=lambda c: c.rank)
    return HardcodedSecret(
        sink.what,
        sink.use.place if origin is None else origin.module.source.place(origin.node),
        standing,
        confidence,
        severity,
        text.configurable,
        sink.use.trail(f"it is used as {sink.what}"),
    )


def _secret_in(sink: SecretSink, text: Text) -> str | None:
    """The part of a text that is secret; None where that part comes from elsewhere."""
    password = url_password(text.text)
    if password is not None or sink.is_url or "://" in text.text:
        return password
    bare = text.text
    for scheme in _SCHEMES:
        bare = bare.removeprefix(scheme)
    if "credential that" in sink.what and len(bare) < 8:
        return None
    return bare if is_secret_text(bare) else None


def _literal(
    text: Text, secret: str, places: LiteralPlaces, near: object, sink: SecretSink
) -> Origin | None:
    module = sink.use.effect.origin.module
    for piece in sorted(text.pieces, key=len, reverse=True):
        if secret in piece and (found := places.of(piece, module)) is not None:
            return found
    return places.of(secret, module) or (places.holding(secret, module) if len(secret) > 5 else None)


def _of_settings(
    secret: SettingsSecret, places: LiteralPlaces, refused: RefusedDefaults
) -> HardcodedSecret | None:
    field = secret.field
    if refused.is_refused(secret.text, secret.cls, field.name):
        return None
    module = field.declared_by.module
    origin = places.of(secret.text, module)
    inside = origin is not None and origin.module is module
    standing = standing_of(origin) if origin is not None and inside else None
    severity, confidence = _weighed(secret.text, True, certain=False)
    return HardcodedSecret(
        f"the setting `{field.name}`",
        module.source.place(origin.node) if origin is not None and inside else field.place,
        standing,
        confidence,
        severity,
        True,
        (TrailStep(field.place.path, field.place.line, f"`{field.name}` has a default"),),
    )


def _weighed(text: str, configurable: bool, *, certain: bool) -> tuple[Severity, Confidence]:
    """What everybody knows of a local database protects nothing, and mostly runs on a developer's machine."""
    confidence = Confidence.HIGH if certain else Confidence.MEDIUM
    password = url_password(text)
    if password is None:
        return Severity.HIGH, confidence
    known = is_well_known(password) or is_password_of_user(text)
    if known and is_local_url(text):
        return Severity.MEDIUM, Confidence.LOW if configurable else Confidence.MEDIUM
    if configurable and is_local_url(text):
        return Severity.MEDIUM, Confidence.MEDIUM
    return Severity.HIGH, confidence
