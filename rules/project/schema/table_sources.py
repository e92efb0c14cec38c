"""Which files' tables count: an application's own, not those of tests, examples and migrations."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rules.configuration.options import Options
from rules.project.code_places import application_code, is_example, is_test
from rules.project.migrations.revisions import migration_paths
from rules.project.roots import creates_applications

if TYPE_CHECKING:
    from rules.evaluation.modules import ModuleIndex


def declares_tables(index: ModuleIndex, options: Options) -> Callable[[str], bool]:
    """The test whether the tables that a path declares belong to the applications.

    Examples count where they hold the only applications.
    """
    migrating = migration_paths(index)
    paths = [path for path in index.modules if path not in migrating]
    counts = application_code(options)
    code = {path for path in paths if counts(path)}
    examples = {path for path in paths if is_example(path) and not is_test(path)}
    makers = {path for path in code | examples if creates_applications(index.modules[path])}
    counted = code | examples if makers and makers.isdisjoint(code) else code
    return counted.__contains__
