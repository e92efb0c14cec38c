"""Fields of settings classes whose names say that they hold secrets, with a literal as default."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import ClassValue
from rules.finding import Place
from rules.project.hardening.secret_texts import is_secret_text, url_password
from rules.project.hardening.terms_of_text import texts_of
from rules.project.isolation.secrets import Secret, secret_name
from rules.project.layering.environment_reads import settings_classes
from rules.project.schema.schemas import SchemaField

if TYPE_CHECKING:
    from rules.project.project import Project

_NAME = re.compile(
    r"(^|_)(secret|secret_key|secretkey|password|passwd|pass|private_key|api_?key|jwt_key|signing_key|encryption_key|"
    r"access_key|auth_token|access_token|bot_token|salt)$",
    re.IGNORECASE,
)
_PASSWORD = re.compile(r"(^|_)(password|passwd|pass|pwd)$", re.IGNORECASE)
_TESTING = re.compile(r"Test(s|ing)?(?![a-z])")
_TYPES = frozenset({"str", "SecretStr", "SecretBytes", "bytes"})
_LABEL = re.compile(
    r"^(x-[\w-]+|[a-z]+([_-][a-z]+)*[_-](token|key|secret|password|name)|token|bearer|authorization)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False)
class SettingsSecret:
    """Such a field; `text` is its default. `is_url` where that is a URL with a password."""

    field: SchemaField
    cls: ClassValue
    text: str
    is_url: bool

    @property
    def place(self) -> Place:
        """The field."""
        return self.field.place


def settings_fields(project: Project) -> Iterator[tuple[ClassValue, SchemaField]]:
    """The fields of all settings classes, each where it is declared."""
    counts = project.application_code
    seen: set[int] = set()
    for schema in settings_classes(project):
        for field in schema.fields.values():
            if id(field.declared_by) and (key := hash((id(field.declared_by), field.name))) not in seen:
                seen.add(key)
                if counts(field.place.path):
                    yield schema.model, field


def settings_secrets(project: Project) -> Iterator[SettingsSecret]:
    """Every one of them."""
    for cls, field in settings_fields(project):
        if _TESTING.match(field.declared_by.node.name):
            continue
        for text in texts_of(field.default):
            if text.conditions:
                continue
            if url_password(text.text) is not None:
                yield SettingsSecret(field, cls, text.text, is_url=True)
            elif _is_secret(field) and is_secret_text(text.text) and not _LABEL.match(text.text):
                yield SettingsSecret(field, cls, text.text, is_url=False)


def _is_secret(field: SchemaField) -> bool:
    base = field.shape.base
    kind = getattr(base, "name", "").rpartition(".")[2]
    return kind in _TYPES and is_secret_field_name(field.name)


def is_secret_field_name(name: str) -> bool:
    """Whether a setting or constant of that name holds a secret, or a URL with a password in it."""
    return _NAME.search(name) is not None or secret_name(name) in {Secret.PASSWORD, Secret.KEY}


def is_password_name(name: str) -> bool:
    """Whether a setting or constant of that name holds a password."""
    return _PASSWORD.search(name) is not None
