"""`python -m tests.mutations.answers`: runs every mutant and writes the table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.mutations.answers.campaign import PLAIN, PROTECTED, Outcome, outcomes
from tests.mutations.answers.operators import RULES

PAGE = Path(__file__).parents[3] / "docs" / "precision" / "answer-mutations.md"
HEAD = """# Answers of routes against mutants

Written by `python -m tests.mutations.answers`. The applications are the sound ones of `tests/apps`, written
for other rules by other hands; an operator (`tests/mutations/answers/operators.py`, fixed before the rules
ran on any mutant) puts one fault into one function. A mutant is found when the right rule speaks at that
function, or its trail passes there, and did not before. Entries of specifications are measured on their own
(`tests/rules/test_specification_mutations.py`).

In the first run on three of the applications 163 of 169 were found; then BA201 learnt `setattr`, and BA212
accounts that a token names and rows that are only compared. Two operators made mutants without a fault, which
they no longer do: `/` behind `/{key}`, and no type of the answer where it was `Any` before.

"""


def main() -> None:
    PAGE.write_text(page([outcome for name in (*PLAIN, *PROTECTED) for outcome in outcomes(name)]))


def page(found: Sequence[Outcome]) -> str:
    """The whole page."""
    parts = [HEAD, "| rule | mutants | found | share |\n|---|---|---|---|\n"]
    parts += [_row(rule, [o for o in found if o.mutation.rule == rule]) for rule in sorted(RULES)]
    parts += [_row("all", found), "\n| operator | rule | mutants | found |\n|---|---|---|---|\n"]
    for rule, operator in sorted({(o.mutation.rule, o.mutation.operator) for o in found}):
        group = [o for o in found if (o.mutation.rule, o.mutation.operator) == (rule, operator)]
        parts.append(f"| {operator} | {rule} | {len(group)} | {sum(o.found for o in group)} |\n")
    parts.append("\n## Not found\n\n| application | mutant |\n|---|---|\n")
    parts += [f"| {o.application} | {o.mutation.title} |\n" for o in found if not o.found]
    return "".join(parts)


def _row(name: str, group: Sequence[Outcome]) -> str:
    count = sum(outcome.found for outcome in group)
    return f"| {name} | {len(group)} | {count} | {count / max(len(group), 1):.0%} |\n"


if __name__ == "__main__":
    main()
