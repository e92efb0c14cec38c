"""`docs/settings.md`, from `bot.settings`."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.settings import Settings
from tools.documentation.page import Page, cell, written

INTRODUCTION = (
    "`serve`, `worker`, `doctor` and `replay` read these from the environment. What is missing or\n"
    "wrong is named at the start, one line each. Where nothing of an App is given, the one is used that the\n"
    "set-up page of `serve` registered and keeps in `DATA_FOLDER`."
)


def settings_page() -> Page:
    """Return the page: each variable, its meaning and its default."""
    rows = [
        f"| `{name.upper()}` | {cell(field.description or '')} | {_default(field)} |"
        for name, field in Settings.model_fields.items()
    ]
    table = "\n".join(["| variable | meaning | default |", "|---|---|---|", *rows])
    return Page("settings.md", written("Settings", "`bot/settings/variables.py`", INTRODUCTION, table))


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, SecretStr) or value in {None, ""}:
        return ""
    shown = list(value) if isinstance(value, tuple) else value
    return f"`{shown}`" if isinstance(value, str | Path) else f"`{json.dumps(shown)}`"
