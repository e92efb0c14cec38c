"""SQL text that a migration runs: what of it changes tables, and what is left unknown."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

from rules.evaluation.values import Application, Choice, Const, External, Member, Operation, Value
from rules.project.annotations import called
from rules.project.migrations.conditions import Happens, happens

if TYPE_CHECKING:
    from rules.project.migrations.operations import Applied

_HOLE = "__computed__"
_DDL = re.compile(r"\b(?:create|alter|drop|rename)\b", re.IGNORECASE)
_DATA = re.compile(
    r"^\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(?:update|insert|delete|select|with|set|comment|grant|revoke|truncate|vacuum"
    r"|analyze|lock|refresh|copy|reindex|notify|begin|commit|merge|call|pragma|reset|show|explain)\b",
    re.IGNORECASE | re.DOTALL,
)
_OTHER_OBJECT = re.compile(
    r"^\s*(?:create|alter|drop)\s+(?:or\s+replace\s+)?(?:constraint\s+)?(?:function|procedure|trigger|type|extension"
    r"|sequence|schema|policy|role|user|domain|aggregate|operator|cast|rule|publication|subscription|event|server"
    r"|database|collation|text\s+search|default\s+privileges)\b",
    re.IGNORECASE,
)
_QUOTED_BODY = re.compile(r"\$(\w*)\$.*?\$\1\$", re.DOTALL)
_DYNAMIC = re.compile(r"\bexecute\s+(?:format\b|'|\")", re.IGNORECASE)
_DATA_BUILDERS = {"update", "insert", "delete", "select", "values", "union", "CreateSchema", "CreateSequence"}


def apply_sql(applied: Applied, argument: Value | None) -> None:
    """Apply what `op.execute(argument)` does to tables."""
    if isinstance(argument, Choice):
        for alternative in argument.alternatives:
            apply_sql(applied, alternative.value)
        return
    text = sql_text(argument)
    if text is None:
        if not _is_data(argument):
            applied.schema.opaque.append(applied.noted("runs SQL whose text could not be read"))
        return
    statements = [part for part in _QUOTED_BODY.sub("''", text).split(";") if part.strip()]
    if not _DDL.search(text):
        if text.strip() == _HOLE:
            applied.schema.opaque.append(applied.noted("runs SQL whose text could not be read"))
        return
    if not all(_DATA.match(part) or _OTHER_OBJECT.match(part) for part in statements):
        _apply_ddl(applied, text)


def doubt_sql(applied: Applied, argument: Value | None) -> None:
    """What SQL may have done that runs under a condition that is not known."""
    text = sql_text(argument)
    if text is not None and _DDL.search(text):
        named = import_module("rules.project.migrations.sql_statements").mark_named(applied, text)
        if not named or _HOLE in text:
            _doubt_others(applied, text)
    elif text is None and not _is_data(argument):
        applied.schema.opaque.append(applied.noted("runs SQL under a condition that is not known"))


def _doubt_others(applied: Applied, text: str) -> None:
    statements = [part for part in _QUOTED_BODY.sub("''", text).split(";") if part.strip()]
    if not all(_DATA.match(part) or _OTHER_OBJECT.match(part) for part in statements):
        applied.schema.opaque.append(applied.noted("runs SQL under a condition that is not known"))


def _apply_ddl(applied: Applied, text: str) -> None:
    module = import_module("rules.project.migrations.sql_statements")
    if not re.match(r"^\s*do\b", text, re.IGNORECASE) and _HOLE not in text:
        module.apply_statements(applied, text)
        return
    named = module.mark_named(applied, text)
    hidden = _DYNAMIC.search(text) or re.search(rf"\btable\b[^;]*?{_HOLE}", text, re.IGNORECASE)
    if hidden and (not named or any(_HOLE in key for key in applied.schema.unknown)):
        applied.schema.opaque.append(applied.noted("runs SQL on a table whose name is computed"))


def sql_text(value: Value | None) -> str | None:
    """The text of a statement, with holes for what is computed at run time; None if it is not text at all."""
    match value:
        case Const(value=str(text)):
            return text
        case Choice():
            return _chosen_text(value)
        case Operation(operator="f" | "+" | "%", operands=operands):
            parts = [o.value if isinstance(o, Const) else _HOLE for o in operands]
            return "".join(str(p) for p in parts)
        case Application(
            function=Member(of=inner, name="bindparams" | "columns" | "execution_options" | "format")
        ):
            return sql_text(inner)
        case Application(function=External(), arguments=arguments) if called(value) in {
            "text",
            "DDL",
            "dedent",
        }:
            return sql_text(arguments.get(0, "text") or arguments.get(0, "statement"))
        case _:
            return None


def _chosen_text(value: Choice) -> str | None:
    """The text for PostgreSQL, or all of them where several are possible and none changes a table."""
    likely = [a for a in value.alternatives if happens(a.conditions) is not Happens.NEVER]
    texts = [sql_text(a.value) for a in likely]
    if len(texts) == 1:
        return texts[0]
    known = [t for t in texts if t is not None]
    return ";".join(known) if len(known) == len(texts) and not any(map(_DDL.search, known)) else None


def _is_data(value: Value | None) -> bool:
    """Whether a statement object only reads or changes rows, or makes no table."""
    for _ in range(30):
        match value:
            case Application(function=Member(of=inner, name=name)):
                if name in _DATA_BUILDERS:
                    return True
                value = inner
            case Application(function=External()):
                return called(value) in _DATA_BUILDERS
            case _:
                return False
    return False
