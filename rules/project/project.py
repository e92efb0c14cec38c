"""The project as the rules see it: one property for each question that they ask."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from rules.evaluation.machine import Machine
from rules.evaluation.modules import ModuleIndex

if TYPE_CHECKING:
    from rules.configuration import Options
    from rules.source import SourceFile


class Project:
    """A tree's files with all that was learnt from them. Everything is computed when first asked for."""

    def __init__(self, files: Mapping[str, SourceFile], options: Options) -> None:
        self.files = files
        self.options = options

    @cached_property
    def index(self) -> ModuleIndex:
        """The modules and import roots."""
        return ModuleIndex.build(self.files)

    @cached_property
    def machine(self) -> Machine:
        """The evaluator."""
        return Machine(self.index)

    def is_fastapi(self) -> bool:
        """Whether any file names FastAPI: without one there is nothing to judge."""
        return any(f.is_python and b"fastapi" in f.data.lower() for f in self.files.values())
