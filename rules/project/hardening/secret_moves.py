"""Edits that take a secret out of the source: to a required field of the project's own settings class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.evaluation.modules import ModuleInfo
from rules.evaluation.values import ClassValue, Instance
from rules.finding import Edit, Fix, Safety
from rules.ir import nodes as ir
from rules.project.hardening.literal_standing import Standing
from rules.project.layering.environment_reads import settings_classes
from rules.project.source_edits import replaced

if TYPE_CHECKING:
    from rules.project.project import Project


def without_default(standing: Standing) -> Fix | None:
    """A settings field, or a variable of the environment, that must be given."""
    source, node = standing.literal.module.source, standing.literal.node
    statement, call = standing.statement, standing.call
    if isinstance(statement, ir.AnnotatedAssign) and standing.settings is not None and call is None:
        place = source.place(statement)
        written, head = source.segment(statement), source.segment(statement.annotation)
        if place.line != place.end_line or statement.value is not node:
            return None
        bare = f"{standing.name}: {head}"
        edits = replaced(source, place, written, bare)
        return Fix(f"Leave out the default of `{standing.name}`", Safety.SUGGEST, edits) if edits else None
    if call is not None and len(call.arguments) == 2 and not call.keywords and call.arguments[1] is node:
        function = source.segment(call.function)
        if function in {"os.getenv", "os.environ.get"} and call.line == call.end_line:
            variable = source.segment(call.arguments[0])
            edits = replaced(source, source.place(call), source.segment(call), f"os.environ[{variable}]")
            return Fix(f"Require {variable} to be set", Safety.SUGGEST, edits) if edits else None
    return None


def to_settings(project: Project, standing: Standing) -> Fix | None:
    """A new required field, read where the literal stood; the module must have the settings at hand."""
    module, node = standing.literal.module, standing.literal.node
    found = at_hand(project, module)
    source = module.source
    if found is None or not standing.name or node.line != node.end_line or standing.class_name:
        return None
    instance, cls = found
    if cls.module is module and node.line <= cls.node.end_line:
        return None
    field = new_field(cls, standing.name, "str")
    if field is None:
        return None
    read = replaced(source, source.place(node), source.segment(node), f"{instance}.{field[0]}")
    title = f"Read `{field[0]}` through `{cls.node.name}`"
    return Fix(title, Safety.SUGGEST, (*read, field[1])) if read else None


def at_hand(project: Project, module: ModuleInfo) -> tuple[str, ClassValue] | None:
    """The name by which a module knows an instance of a settings class."""
    classes = {id(schema.model) for schema in settings_classes(project)}
    for name, value in project.machine.scope(module).bindings.items():
        if isinstance(value, Instance) and id(value.cls) in classes:
            return name, value.cls
    return None


def new_field(cls: ClassValue, name: str, declaration: str) -> tuple[str, Edit] | None:
    """A further field in the class's own spelling, below its last; None where it has one of that name."""
    spelled = name.lower() if _is_lower(cls) else name.upper()
    fields = [known for known in cls.fields if known.annotation is not None]
    if not fields or any(known.name.lower() == spelled.lower() for known in cls.fields):
        return None
    last, source = max((f.node for f in fields), key=lambda n: n.end_line), cls.module.source
    line = source.lines[last.end_line - 1]
    written = f"{line}\n{' ' * last.column}{spelled}: {declaration}\n"
    return spelled, Edit(source.path, last.end_line, last.end_line, written)


def _is_lower(cls: ClassValue) -> bool:
    names = [known.name for known in cls.fields if known.annotation is not None]
    return sum(name.islower() for name in names) * 2 >= len(names)
