"""`[tool.backend-architect]` of a `pyproject.toml` to a `Document`."""

from __future__ import annotations

import re
import tomllib

from rules.configuration.document import Document, Pointer, decode, mistake

TABLE = "backend-architect"

_HEADER = re.compile(
    r"^\s*\[\[?\s*tool\s*\.\s*[\"']?backend-architect[\"']?\s*(?:\.\s*([\w\"'.\s-]+?)\s*)?\]"
)
_ANY_HEADER = re.compile(r"^\s*\[")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*(?:\.[^=]*)?=")
_POSITION = re.compile(r"\(at line (\d+), column \d+\)")


def read_pyproject(path: str, content: bytes) -> Document | None:
    """Return the document, None where the file has no such table; raise `ConfigurationError` on a fault.

    A `pyproject.toml` that does not name the table is nobody's configuration: its faults are not ours.
    """
    if TABLE.encode() not in content:
        return None
    text = decode(path, content)
    try:
        everything = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = _POSITION.search(str(error))
        said = _POSITION.sub("", str(error)).strip() or "it cannot be read"
        raise mistake(path, int(found[1]) if found else 1, f"not valid TOML: {said}") from error
    tool = everything.get("tool")
    if not isinstance(tool, dict) or TABLE not in tool:
        return None
    return Document(path, tool[TABLE], _lines(text))


def _lines(text: str) -> dict[Pointer, int]:
    """The lines of keys under the table's headers; values within a value have their key's line."""
    lines: dict[Pointer, int] = {}
    inside: Pointer | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            inside = tuple(part.strip(" \"'") for part in header[1].split(".")) if header[1] else ()
            lines.setdefault(inside, number)
        elif _ANY_HEADER.match(line) and (inside is None or not line.startswith((" ", "\t"))):
            inside = None
        elif inside is not None and (key := _KEY.match(line)):
            lines.setdefault((*inside, key[1].strip("\"'")), number)
    return lines
