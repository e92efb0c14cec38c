"""What a rule declares of itself: the metadata that documentation, gate and report share."""

from __future__ import annotations

import enum

import msgspec


class Severity(enum.StrEnum):
    """How bad it is if the finding is true. Ordered: `rank` rises with severity."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for info up to 4 for critical."""
        return ("info", "low", "medium", "high", "critical").index(self.value)


class Confidence(enum.StrEnum):
    """How sure one finding is: high only if every fact that it rests on was resolved."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for low up to 2 for high."""
        return ("low", "medium", "high").index(self.value)


class Section(enum.StrEnum):
    """The report's three sections; the hundreds digit of a code names one."""

    ARCHITECTURE = "architecture"
    API = "api"
    SECURITY = "security"


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's metadata. Its name is its module's name, its documentation the module's docstring.

    `of_change` is for a rule that judges steps, such as a migration's: those that base has are taken already,
    and beside a base nothing is said of them.
    """

    code: str
    severity: Severity
    cwe: tuple[int, ...] = ()
    owasp: tuple[str, ...] = ()
    default: bool = True
    of_change: bool = False

    @property
    def section(self) -> Section:
        """The section of the report, from the code's hundreds digit."""
        return {"1": Section.ARCHITECTURE, "2": Section.API, "3": Section.SECURITY}[self.code[2]]
