"""The tables of what mutants and Alembic showed, as docs/precision holds them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tests.mutations.schema.campaign import Agreement, Result
from tests.rules.autogenerate_truth import Change

MUTATIONS_HEAD = """# Schema rules against mutants

Written by `python -m tests.mutations.schema`. The rules say nothing about two sound pairs of models and
migrations (`tests/apps/migrations_sound`, `tests/apps/migrations_sound_mapped`). An operator
(`tests/rules/schema_mutations.py`, fixed before the rules were measured with them) makes one edit; a mutant
is found when the right rule reports it on the right line.

"""
AGREEMENT_HEAD = """# Drift rules beside Alembic

Written by `python -m tests.mutations.schema`. Each tree's migrations are run by `alembic upgrade heads` on an
empty PostgreSQL and compared with the models by `compare_metadata`; the rules read the same files and run
nothing. The trees are the migration samples of `tests/apps` and one mutant of each operator. Counted are
differences: a table, a column, a type, a nullability, a key. As [schema.md](schema.md) says, neither names of
constraints are compared nor keys over columns that are themselves missing.

"""


def mutations_page(results: Sequence[Result]) -> str:
    """Mutants by rule and operator, and those that were not found."""
    rules = sorted({r.mutation.rule for r in results})
    parts = [MUTATIONS_HEAD, "| rule | mutants | found | share |\n|---|---|---|---|\n"]
    parts += [_share(rule, [r for r in results if r.mutation.rule == rule]) for rule in rules]
    parts += [_share("all", results), "\n| operator | rule | mutants | found |\n|---|---|---|---|\n"]
    for operator, rule in sorted({(r.mutation.operator, r.mutation.rule) for r in results}):
        group = [r for r in results if (r.mutation.operator, r.mutation.rule) == (operator, rule)]
        parts.append(f"| {operator} | {rule} | {len(group)} | {sum(r.found for r in group)} |\n")
    missed = [(r, r.mutation) for r in results if not r.found]
    if missed:
        parts.append("\nNot found:\n\n| pair | operator | rule | line |\n|---|---|---|---|\n")
        parts += [f"| {r.sample} | {m.operator} | {m.rule} | {m.path}:{m.line} |\n" for r, m in missed]
    return "".join(parts)


def _share(name: str, group: Sequence[Result]) -> str:
    found = sum(result.found for result in group)
    return f"| {name} | {len(group)} | {found} | {found / max(len(group), 1):.1%} |\n"


def agreement_page(agreements: Sequence[Agreement], reasons: Sequence[tuple[str, Change, str]]) -> str:
    """Differences by tree: both, Alembic's alone, the rules' alone; and the reason of each that differs."""
    parts = [AGREEMENT_HEAD, "| tree | both | Alembic alone | rules alone |\n|---|---|---|---|\n"]
    for found in agreements:
        both, alembic, rules = _counts(found)
        parts.append(f"| {found.title} | {both} | {alembic} | {rules} |\n")
    totals = [sum(column) for column in zip(*map(_counts, agreements), strict=True)]
    parts.append(f"| all | {totals[0]} | {totals[1]} | {totals[2]} |\n")
    if reasons:
        parts.append("\n| tree | difference | reason |\n|---|---|---|\n")
        parts += [f"| {title} | {rule} {name} | {reason} |\n" for title, (rule, name), reason in reasons]
    return "".join(parts)


def _counts(found: Agreement) -> tuple[int, int, int]:
    return (
        len(found.alembic & found.rules),
        len(found.alembic - found.rules),
        len(found.rules - found.alembic),
    )


def unexplained(found: Agreement, reasons: Collection[tuple[str, Change, str]]) -> set[Change]:
    """Differences for which no reason is listed."""
    listed = {change for title, change, _ in reasons if title == found.title}
    return set((found.alembic ^ found.rules) - listed)
