"""A repository of the local GitHub: its bare git folder, its people and its place in a fork network."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

from bot.demo.github.accounts import User

ROLES = ("read", "triage", "write", "maintain", "admin")


@dataclasses.dataclass(slots=True, kw_only=True)
class Repository:
    """`roles` map a login to one of `ROLES`; `folder` is the bare git repository."""

    id: int
    owner: User
    name: str
    folder: Path
    default_branch: str
    created_at: datetime.datetime
    parent: Repository | None = None
    roles: dict[str, str] = dataclasses.field(default_factory=dict)
    next_number: int = 1

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"
