"""What a sample's own `metadata.tables` say, asked in a process of its own: run as a script with modules."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

Truth = dict[str, dict[str, dict[str, Any]]]
REPOSITORY = Path(__file__).parent.parent.parent


def metadata_truth(folder: Path, *modules: str) -> Truth:
    """Tables by key, columns by name, with SQLAlchemy's own facts, once a folder's modules are imported."""
    command = [sys.executable, "-W", "ignore", __file__, *modules]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 0, result.stderr
    found: Truth = json.loads(result.stdout)
    return found


def dump(modules: list[str]) -> Truth:
    from sqlalchemy import MetaData
    from sqlalchemy.orm import DeclarativeBase, configure_mappers

    sys.path.insert(0, ".")
    metadatas: list[MetaData] = []
    for name in modules:
        for value in vars(importlib.import_module(name)).values():
            inner = value if isinstance(value, MetaData) else getattr(value, "metadata", None)
            if isinstance(inner, MetaData) and inner not in metadatas and value is not DeclarativeBase:
                metadatas.append(inner)
    configure_mappers()
    return {key: _columns(table) for metadata in metadatas for key, table in metadata.tables.items()}


def _columns(table: Any) -> dict[str, dict[str, Any]]:
    return {
        column.name: {
            "type": _type(column.type),
            "nullable": column.nullable,
            "primary_key": column.primary_key,
            "unique": bool(column.unique),
            "index": bool(column.index),
            "foreign_keys": sorted(key.target_fullname for key in column.foreign_keys),
        }
        for column in table.columns
    }


def _type(kind: Any) -> str:
    name = type(kind).__name__
    length, precision = getattr(kind, "length", None), getattr(kind, "precision", None)
    if name in {"Enum", "ENUM", "Lowercase"}:
        return name
    if length is not None:
        return f"{name}({length})"
    if precision is not None:
        return f"{name}({precision}, {kind.scale})"
    return name


if __name__ == "__main__":
    json.dump(dump(sys.argv[1:]), sys.stdout)
