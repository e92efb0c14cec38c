"""A model that knows files and nothing of FastAPI, and rules over it, for tests of the engine itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rules.cache import Cache, NoCache
from rules.configuration import Options
from rules.documentation import SECTIONS, read_documentation
from rules.engine import Engine
from rules.finding import Hit, Question
from rules.inventory import OperationRecord, RouteInventory, SchemaInventory
from rules.ir import nodes as ir
from rules.ir.module import Module
from rules.journal import LIMITS, Step
from rules.registry import RegisteredRule
from rules.rule import Rule, Severity
from rules.sections import SectionFacts
from rules.source import SourceFile

DOCUMENTATION = "Title.\n\n" + "".join(f"## {section}\ntext\n\n" for section in SECTIONS)


@dataclass(frozen=True, slots=True)
class Sources:
    """A project of nothing but files."""

    files: Mapping[str, SourceFile]
    options: Options

    def is_fastapi(self) -> bool:
        return True

    def route_inventory(self) -> RouteInventory:
        return RouteInventory()

    def schema_inventory(self) -> SchemaInventory:
        return SchemaInventory()

    def surface(self) -> tuple[OperationRecord, ...]:
        return ()

    def questions(self) -> tuple[Question, ...]:
        return ()

    def section_facts(self) -> SectionFacts:
        return SectionFacts()

    def unknown_edges(self) -> int:
        return 0


def rule(
    name: str,
    check: Callable[[Sources], Iterable[Hit]],
    code: str = "BA199",
    severity: Severity = Severity.HIGH,
) -> RegisteredRule:
    return RegisteredRule(
        rule=Rule(code=code, severity=severity),
        name=name,
        documentation=read_documentation(DOCUMENTATION),
        check=check,
    )


def engine(
    *catalog: RegisteredRule, cache: Cache | None = None, limits: Mapping[Step, float] = LIMITS
) -> Engine:
    return Engine(catalog=catalog, build=Sources, cache=cache or NoCache(), limits=limits)


def calls_of_bad(project: Sources) -> Iterator[Hit]:
    """A rule: no call of `bad`, anywhere."""
    for source in project.files.values():
        for statement in statements(source.module):
            value = getattr(statement, "value", None)
            if (
                isinstance(value, ir.Call)
                and isinstance(value.function, ir.Name)
                and value.function.id == "bad"
            ):
                yield Hit(place=source.place(value), message=f"`{source.segment(value)}` is bad; remove it.")


def statements(module: Module) -> Iterator[ir.Stmt]:
    """Every statement of a module, function bodies too."""
    pending = list(module.statements)
    while pending:
        statement = pending.pop(0)
        yield statement
        if isinstance(statement, ir.Function):
            pending.extend(module.body(statement))
        parts = [statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]
        for block in ("body", "otherwise", "final"):
            pending.extend(inner for part in parts for inner in getattr(part, block, ()))


NO_BAD_CALLS = rule("bad-call", calls_of_bad)


def write_package(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
