"""Which types the versions of SQLModel and SQLAlchemy that a project asks for derive from Python types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rules.project.schema.python_types import TypeVersions

if TYPE_CHECKING:
    from rules.source import SourceFile

_REQUIREMENT = r"^[\s\"']*{name}(?:\[[^\]]*\])?\s*(==|~=|>=|=\s*\"(?:==|\^|~|>=)?)\s*(\d+)\.(\d+)(?:\.(\d+))?"
_SQLMODEL = re.compile(_REQUIREMENT.format(name="sqlmodel"), re.IGNORECASE | re.MULTILINE)
_SQLALCHEMY = re.compile(_REQUIREMENT.format(name="sqlalchemy"), re.IGNORECASE | re.MULTILINE)
_DECLARATIONS = (".txt", ".in", "pyproject.toml")
_OWN_UUID, _UTC_DATETIMES = (0, 0, 14), (0, 0, 40)
_DOUBLE = (2, 1, 0)


def type_versions(files: Mapping[str, SourceFile]) -> TypeVersions:
    """The types by the requirements that the tree declares; the newest SQLModel where it pins none.

    SQLModel before 0.0.14 stores UUIDs as its own `GUID`, before 0.0.40 datetimes as `DateTime`;
    SQLAlchemy from 2.1 derives `Double` from float.
    """
    sqlmodel = [v for exact, v in _versions(files, _SQLMODEL) if exact]
    sqlalchemy = [v for _, v in _versions(files, _SQLALCHEMY)]
    return TypeVersions(
        uuid="GUID" if sqlmodel and min(sqlmodel) < _OWN_UUID else "Uuid",
        datetime="DateTime" if sqlmodel and min(sqlmodel) < _UTC_DATETIMES else "UTCDateTime",
        float="Double" if sqlalchemy and max(sqlalchemy) >= _DOUBLE else "Float",
    )


def _versions(
    files: Mapping[str, SourceFile], pattern: re.Pattern[str]
) -> Iterator[tuple[bool, tuple[int, int, int]]]:
    """Each version that is declared, and whether exactly."""
    for path, source in files.items():
        if path.endswith(_DECLARATIONS):
            for sign, major, minor, patch in pattern.findall(source.text):
                yield ">" not in sign, (int(major), int(minor), int(patch or 0))
