"""Faults put into sound pairs of models and migrations: one edit each, with the rule and line that it is for.

The operators were fixed before the rules were measured with them. They work on `models.py` and
`versions/*.py` whose columns, constraints and indexes stand on one line each.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MODELS = "models.py"
_TYPE = re.compile(r"(?:sa|sqlmodel\.sql\.sqltypes)\.(\w+)\(([^()]*)\)")
_OTHER_TYPE = {"Integer": "sa.String()", "SmallInteger": "sa.Text()", "BigInteger": "sa.Text()"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """A tree with one fault. `rule` must report it on `line` of `path`."""

    operator: str
    tree: dict[str, str]
    rule: str
    line: int
    path: str = MODELS


@dataclass(frozen=True, slots=True)
class _Lines:
    """Where the models declare tables and columns, and where the migrations create columns."""

    tables: Mapping[str, int]
    columns: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class _Site:
    """The file that is mutated, in its tree."""

    tree: Mapping[str, str]
    path: str

    @property
    def source(self) -> list[str]:
        """The file's lines."""
        return self.tree[self.path].split("\n")


def mutations(tree: Mapping[str, str]) -> Iterator[Mutation]:
    """Every mutation of a sound tree."""
    lines = _model_lines(tree[MODELS])
    for path in tree:
        if path.startswith("versions/"):
            yield from _of_migration(_Site(tree, path), lines)
    yield from _of_models(tree, lines)


def _model_lines(text: str) -> _Lines:
    tables: dict[str, int] = {}
    columns: dict[tuple[str, str], int] = {}
    for node in ast.parse(text).body:
        if not isinstance(node, ast.ClassDef):
            continue
        named = [
            s.value.value
            for s in node.body
            if isinstance(s, ast.Assign) and isinstance(s.value, ast.Constant)
        ]
        table = str(named[0]) if named else node.name.lower()
        tables[table] = node.lineno
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                columns[table, statement.target.id] = statement.lineno
            elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple):
                for item in statement.value.elts:
                    columns[table, _columns_of(item)] = item.lineno
    return _Lines(tables, columns)


def _columns_of(item: ast.expr) -> str:
    """The columns of a constraint or index; an index's first argument is its name."""
    assert isinstance(item, ast.Call)
    names = [str(a.value) for a in item.args if isinstance(a, ast.Constant)]
    return ", ".join(names[1:] if "Index" in ast.unparse(item.func) else names)


def _of_migration(site: _Site, lines: _Lines) -> Iterator[Mutation]:
    source = site.source
    for call in ast.walk(ast.parse(site.tree[site.path])):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        if call.func.attr in {"create_table", "add_column"} and isinstance(call.args[0], ast.Constant):
            table = str(call.args[0].value)
            for argument in call.args[1:]:
                for operator, rule, line, new in _of_argument(source, table, argument, lines):
                    yield _mutated(site, operator, argument.lineno, new, rule, line)
        elif call.func.attr == "create_index":
            table, over = ast.literal_eval(call.args[1]), ast.literal_eval(call.args[2])
            line = lines.columns[table, ", ".join(over)]
            text_line = source[call.lineno - 1]
            yield _mutated(site, "drop index", call.lineno, None, "BA155", line)
            flipped = re.sub(r"unique=(True|False)", lambda m: f"unique={m[1] != 'True'}", text_line)
            yield _mutated(site, "flip unique", call.lineno, flipped, "BA155", line)


def _of_argument(
    source: list[str], table: str, argument: ast.expr, lines: _Lines
) -> Iterator[tuple[str, str, int, str | None]]:
    assert isinstance(argument, ast.Call)
    kind, text = ast.unparse(argument.func), source[argument.lineno - 1]
    if kind == "sa.Column":
        yield from _of_column(table, str(ast.literal_eval(argument.args[0])), text, source, lines)
    elif kind == "sa.UniqueConstraint":
        over = ", ".join(str(ast.literal_eval(a)) for a in argument.args)
        yield "drop unique constraint", "BA155", lines.columns[table, over], None
    elif kind == "sa.ForeignKeyConstraint":
        line = lines.columns[table, ast.literal_eval(argument.args[0])[0]]
        yield "drop foreign key", "BA155", line, None
        action = "SET NULL" if "CASCADE" in text else "CASCADE"
        bare = re.sub(r', ondelete="[A-Z ]+"', "", text).removesuffix("),")
        yield "change ON DELETE", "BA155", line, f'{bare}, ondelete="{action}"),'


def _of_column(
    table: str, column: str, text: str, source: list[str], lines: _Lines
) -> Iterator[tuple[str, str, int, str | None]]:
    line = lines.columns.get((table, column))
    if line is None:
        return
    uses = [s for s in source if f'"{column}"' in s and s != text and "sa.Column" not in s]
    if not uses:
        yield "drop column", "BA151", line, "    pass" if "add_column" in text else None
        yield "rename column", "BA151", line, text.replace(f'"{column}"', f'"{column}_x"', 1)
    kind = _TYPE.search(text, text.index(",") if "add_column" not in text else text.index("sa.Column") + 10)
    if kind is not None:
        other = _OTHER_TYPE.get(kind[1], "sa.Integer()")
        yield "change type", "BA153", line, text.replace(kind[0], other)
    length = re.search(r"length=(\d+)", text)
    if length is not None:
        yield "shorten", "BA153", line, text.replace(length[0], f"length={int(length[1]) - 1}")
        yield "lengthen", "BA153", line, text.replace(length[0], f"length={int(length[1]) + 1}")
    if "timezone=True" in text:
        yield "drop time zone", "BA153", line, text.replace("timezone=True", "timezone=False")
    if "precision=" in text:
        yield "change digits", "BA153", line, re.sub(r"precision=\d+", "precision=7", text)
    if not any("PrimaryKeyConstraint" in s for s in uses):
        flipped = re.sub(r"nullable=(True|False)", lambda m: f"nullable={m[1] != 'True'}", text)
        yield "flip nullability", "BA154", line, flipped
    extra = text.replace(f'"{column}"', '"surplus"', 1)
    if "add_column" not in text:
        yield "add column", "BA152", lines.tables[table], f"{text}\n{extra}"


def _of_models(tree: Mapping[str, str], lines: _Lines) -> Iterator[Mutation]:
    site = _Site(tree, MODELS)
    source = site.source
    for number, text in enumerate(source, 1):
        for pattern, operator, rule in (
            (r'back_populates="(\w+)"', "rename back_populates", "BA161"),
            (r'(?:foreign_key=|ForeignKey\()"(\w+)\.', "rename key's table", "BA158"),
            (r'(?:foreign_key=|ForeignKey\()"\w+\.(\w+)"', "rename key's column", "BA158"),
        ):
            match = re.search(pattern, text)
            if match is not None:
                new = text[: match.start(1)] + match[1] + "z" + text[match.end(1) :]
                yield _mutated(site, operator, number, new, rule, number)
    for (_, column), number in lines.columns.items():
        if re.match(r"\s+\w+: .*(Field|mapped_column)\(", source[number - 1]):
            declared = source[number - 1]
            new = re.sub(rf"\b{column}:", f"{column}_new:", declared)
            if "primary_key" not in declared and column.isidentifier():
                yield _mutated(site, "add to model", number, f"{declared}\n{new}", "BA151", number + 1)


def _mutated(site: _Site, operator: str, number: int, new: str | None, rule: str, line: int) -> Mutation:
    """The tree with line `number` of the site's file replaced, or taken out."""
    source = site.source
    changed = [*source[: number - 1], *([] if new is None else [new]), *source[number:]]
    tree = {**site.tree, site.path: "\n".join(changed)}
    return Mutation(operator=operator, tree=tree, rule=rule, line=line)
