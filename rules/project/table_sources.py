"""Which files' tables count: an application's own, not those of tests, examples and migrations."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rules.configuration import Options, judged
from rules.project.migrations.revisions import migration_paths

if TYPE_CHECKING:
    from rules.evaluation.modules import ModuleIndex


def declares_tables(index: ModuleIndex) -> Callable[[str], bool]:
    """The test whether the tables that a path declares belong to the applications."""
    migrating = migration_paths(index)
    is_application = judged(Options())
    counted = {path for path in index.modules if path not in migrating and is_application(path)}
    return counted.__contains__
