"""The facts of the report's three sections, of one project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rules.project.architecture.diagram import mermaid
from rules.project.architecture.summary import architecture_summary
from rules.project.hardening.summary import hardening_facts
from rules.project.sign_in.summary import sign_in_summary
from rules.sections import SectionFacts

if TYPE_CHECKING:
    from rules.project.project import Project


def section_facts(project: Project) -> SectionFacts:
    """All of them."""
    architecture = architecture_summary(project)
    return SectionFacts(
        architecture=msgspec.structs.replace(architecture, diagram=mermaid(architecture)),
        sign_in=sign_in_summary(project),
        hardening=hardening_facts(project),
    )
