"""The table of what the mutants showed, as docs/precision/isolation-mutations.md holds it."""

from __future__ import annotations

from collections.abc import Sequence

from tests.mutations.judgement import Judgement

HEAD = """# Isolation rules against mutants

Written by `python -m tests.mutations`. The sound applications (`tests/apps/protected_*`) run on SQLite; an
operator (`tests/mutations/operators/`) removes one protection; requests of a second user, of nobody and of
one without privileges show what that opens. Mutants that open nothing, or do not start, do not count. A
mutant is found when the right rule names every function that it opened, or stands at the place of the
mutation. An administrator's operation on other users' rows counts as found by BA305 or BA306 too. The
unmutated applications refuse all probes and get no finding (`tests/mutations/test_isolation_mutations.py`).
The operators stood before the rules; what earlier runs missed (82 % were found) has repaired the rules since,
so that the share says what is covered, and [the judged findings](isolation-rules.md) how unseen code fares.

Labels that were corrected, by what the requests show: `GET /contacts/2/export` of crm asks for the caller's
own contact and gives other users' deals, so no key is at fault and BA306 is right; `GET /teams/2/members` of
teams lists all users, which is BA328's; what a mounted application does not inherit stands at the mount
(BA304).

"""


def page(judgements: Sequence[Judgement], sizes: Sequence[tuple[str, int, int]]) -> str:
    """The whole page. `sizes`: application, probes, mutants made."""
    parts = [HEAD, "| rule | mutants | found | share |\n|---|---|---|---|\n"]
    parts += [_row(rule, [j for j in judgements if j.rule == rule]) for rule in _rules(judgements)]
    parts.append(_row("all", judgements))
    parts.append("\n| operator | rule | mutants | found |\n|---|---|---|---|\n")
    pairs = sorted({(j.mutant.operator, j.rule) for j in judgements})
    for operator, rule in pairs:
        group = [j for j in judgements if (j.mutant.operator, j.rule) == (operator, rule)]
        parts.append(f"| {operator} | {rule} | {len(group)} | {sum(j.found for j in group)} |\n")
    parts.append("\n| application | probes | mutants made | of which open something |\n|---|---|---|---|\n")
    for name, probes, made in sizes:
        live = len({j.mutant.title + str(j.mutant.edits) for j in judgements if j.mutant.application == name})
        parts.append(f"| {name} | {probes} | {made} | {live} |\n")
    parts.append("\n## Not found\n\n| mutant | rule | opened, not named |\n|---|---|---|\n")
    parts += sorted(
        f"| {j.mutant.title} | {j.rule} | {', '.join(sorted(name for _, name in j.opened - j.named))} |\n"
        for j in judgements
        if not j.found
    )
    return "".join(parts)


def _rules(judgements: Sequence[Judgement]) -> list[str]:
    return sorted({judgement.rule for judgement in judgements})


def _row(name: str, group: Sequence[Judgement]) -> str:
    found = sum(judgement.found for judgement in group)
    return f"| {name} | {len(group)} | {found} | {found / max(len(group), 1):.0%} |\n"
