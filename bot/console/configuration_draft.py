"""The configuration that `init` writes: what was found, as comments, so that it changes nothing by itself."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import yaml

import rules
from bot.console.style import visible
from rules.discovery import FoundDependency

_INTRODUCTION = """\
## The configuration of Backend Architect.
##
## What one `#` comments out is what was found in this project, or the default: it holds without being written
## down, and goes on following the code. Take the `# ` away from what is to stay as it is, and mend what was
## found wrong. The gate of a pull request reads this file from its base commit.
"""
_GATE = """\
## The gate: the lowest severity and confidence of a new finding that fails it, and what it says when not
## everything could be analysed (fail, neutral or pass).
# fail-on: high
# fail-confidence: high
# on-incomplete: fail
"""
_RULES = """\
## Rules on, off, and their severity, by code, by the beginning of codes or by name; all are shown by
## `backend-architect explain --list`.
# select: [BA1, BA2, BA3]
# ignore: []
# severity: {}
"""


class _Dumper(yaml.SafeDumper):
    """Keeps every text in its line."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        """Quote what has anything in it that does not show."""
        style = None if text.isprintable() else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _Dumper.represent_text)


def draft(found: rules.Discovery, baseline: str | None) -> bytes:
    """Return the file; `baseline` is the accepted findings' file, the one key that is set."""
    blocks = [_INTRODUCTION, *_blocks(found), _GATE, _RULES]
    if baseline is not None:
        blocks.append(f"## Findings that are accepted as they stand.\n{_dumped({'baseline': baseline})}")
    return "\n".join(blocks).encode()


def _blocks(found: rules.Discovery) -> Iterator[str]:
    yield _block(
        "Applications, with the folder that is on the import path",
        "applications",
        [msgspec.to_builtins(one) for one in found.applications],
        unless="no application was found; name it, or nothing can be judged",
    )
    yield _block(
        "Endpoints that work before anyone has signed in; naming one here makes it public for good",
        "public",
        [one.name for one in found.public],
        notes=[f"{one.name}: {one.reason}" for one in found.public],
    )
    auth = {
        "authenticating": _names(found.authenticating),
        "optional": _names(found.optional),
        "admin": _names(found.admin),
    }
    yield _block(
        "Who authenticates: dependencies of the `app`, a `gateway` in front of it, or `middleware`",
        "auth",
        {"mode": "app", **{key: names for key, names in auth.items() if names}},
        notes=[
            f"{one.name}: {one.routes} routes"
            for one in (*found.authenticating, *found.optional, *found.admin)
        ],
    )
    yield _block("Tables whose rows are users", "user-tables", list(found.user_tables))
    yield _block("Columns that name a row's owner", "owner-columns", list(found.owner_columns))
    yield _block(
        "The layers, the outermost first; each may import those after it",
        "layers",
        [msgspec.to_builtins(layer) for layer in found.layers],
    )
    yield _block("API specifications that the code is held to", "api-spec", list(found.api_spec))
    yield _block("Schema specifications that the models are held to", "schema-spec", list(found.schema_spec))


def _block(
    title: str, key: str, value: object, *, notes: list[str] | None = None, unless: str = "none was found"
) -> str:
    told = [f"{title}." if value else f"{title}: {unless}.", *(notes or [])]
    comments = "".join(f"## {visible(line)}\n" for line in dict.fromkeys(told))
    return comments + "".join(f"# {line}\n" for line in _dumped({key: value}).splitlines())


def _dumped(value: object) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000)


def _names(found: tuple[FoundDependency, ...]) -> list[str]:
    return [one.name for one in found]
