"""`python -m tests.mutations [APPLICATION …]`: runs every mutant and writes the table. Takes many minutes.

With application names, or `--only RULE`, it prints what was not found and writes nothing.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.mutations.applications import application, names
from tests.mutations.campaign import run
from tests.mutations.operators.catalogue import mutants
from tests.mutations.table import page

PAGE = Path(__file__).parents[2] / "docs" / "precision" / "isolation-mutations.md"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("applications", nargs="*", metavar="APPLICATION", choices=[*names(), []])
    parser.add_argument("--only", metavar="RULE", help="only mutants that this rule may have to name")
    given = parser.parse_args()
    chosen = given.applications or names()
    made = {name: mutants(application(name)) for name in chosen}
    wanted = [
        mutant
        for group in made.values()
        for mutant in group
        if given.only in {None, mutant.speaks, *mutant.rules}
    ]
    judgements = list(run(wanted))
    sizes = [(name, len(application(name).probes), len(group)) for name, group in made.items()]
    text = page(judgements, sizes)
    if given.applications or given.only:
        print(text)  # noqa: T201
    else:
        PAGE.write_text(text)


if __name__ == "__main__":
    main()
