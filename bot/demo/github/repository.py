"""A repository of the local GitHub: its bare git folder, its people and its place in a fork network."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path
from typing import Any

from bot.demo.github.accounts import User

ROLES = ("read", "triage", "write", "maintain", "admin")


@dataclasses.dataclass(slots=True, kw_only=True)
class Repository:
    """`roles` map a login to one of `ROLES`; `folder` is the bare git repository.

    `required_checks`: what a ruleset requires on every branch, with the App that it must come from.
    `protected_branches`: those that no App may move. `analyses` are those that code scanning was given, where
    it is on: ref, commit and SARIF.
    """

    id: int
    owner: User
    name: str
    folder: Path
    default_branch: str
    created_at: datetime.datetime
    parent: Repository | None = None
    roles: dict[str, str] = dataclasses.field(default_factory=dict)
    next_number: int = 1
    required_checks: list[tuple[str, int | None]] = dataclasses.field(default_factory=list)
    protected_branches: set[str] = dataclasses.field(default_factory=set)
    code_scanning: bool = False
    analyses: list[tuple[str, str, Any]] = dataclasses.field(default_factory=list)

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"
