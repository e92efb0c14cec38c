"""The formats that commands write, by command; here so that the console starts without the rest."""

from __future__ import annotations

import enum


class CheckFormat(enum.StrEnum):
    """How `check` writes what it found: for people, programs, code scanning, GitHub Actions and comments."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    MARKDOWN = "markdown"


class DoctorFormat(enum.StrEnum):
    """How `doctor` writes what it found."""

    TEXT = "text"
    JSON = "json"


class OpenapiFormat(enum.StrEnum):
    """How `openapi` writes the document."""

    JSON = "json"
    YAML = "yaml"


class RoutesFormat(enum.StrEnum):
    """How `routes` writes the inventory."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class SchemaFormat(enum.StrEnum):
    """How `schema` writes the inventory."""

    TEXT = "text"
    JSON = "json"
