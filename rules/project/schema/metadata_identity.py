"""Which `MetaData` a table belongs to: tables of different ones are never migrated by one environment."""

from __future__ import annotations

from rules.evaluation.values import Application, ClassValue, External, Member, Sequence, Value
from rules.project.annotations import called

_SQLMODEL = "sqlmodel"


def metadata_of_class(cls: ClassValue) -> str:
    """The identity of a mapped class's metadata; empty where it is not known."""
    root = ""
    for base in cls.linearized():
        if isinstance(base, ClassValue):
            if (own := base.attributes.get("metadata")) is not None:
                return metadata_identity(own)
            if any(_is_root(b) for b in base.bases):
                root = root or f"class {base.qualified}"
        elif isinstance(base, Application):
            given = base.arguments.get(None, "metadata")
            return metadata_identity(given) if given is not None else _call_identity(base)
    return root or (_SQLMODEL if any(n.endswith(".SQLModel") for n in cls.externals()) else "")


def _is_root(base: Value) -> bool:
    return isinstance(base, External) and base.name.rpartition(".")[2].startswith("DeclarativeBase")


def metadata_identity(value: Value | None) -> str:
    """The identity of the metadata that a value is; empty where it is not known."""
    match value:
        case Application() if called(value) == "MetaData":
            return _call_identity(value)
        case External(name=name) if name.endswith(".SQLModel.metadata"):
            return _SQLMODEL
        case Member(of=ClassValue() as cls, name="metadata"):
            return metadata_of_class(cls)
        case Member(of=Application() as base, name="metadata"):
            given = base.arguments.get(None, "metadata")
            return metadata_identity(given) if given is not None else _call_identity(base)
        case _:
            return ""


def metadata_identities(value: Value | None) -> set[str] | None:
    """The identities in an environment's `target_metadata`, one or a list; None where one is not known."""
    values = value.items if isinstance(value, Sequence) else [value]
    found = {metadata_identity(v) for v in values}
    return None if "" in found else found


def _call_identity(call: Application) -> str:
    node = call.origin.node
    return f"{call.origin.module.path}:{node.line}:{node.column}"
