"""Pull requests in installations of their own, so that no budget hides a fault."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from bot.demo.github.accounts import Installation
from bot.demo.github.repository import Repository
from tests.service.running import Service
from tests.service.subject import FAULTY, START, Files, Subject

ORGANISATIONS = (f"org-{number}" for number in itertools.count(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An installed repository with a branch that no pull request asks to merge yet."""

    service: Service
    repository: Repository
    installation: Installation

    def opened(self, branch: str = "feature") -> Subject:
        pull = self.service.github.open_pull_request(self.repository, branch, title="Change", by="jon")
        return Subject(
            service=self.service, repository=self.repository, installation=self.installation, pull=pull
        )


def prepared(service: Service, change: Files = FAULTY, start: Files = START) -> Prepared:
    repository, installation = service.install(f"{next(ORGANISATIONS)}/shop")
    service.github.push(repository, "main", start, "start")
    service.github.push(repository, "feature", change, "change", by="jon")
    return Prepared(service=service, repository=repository, installation=installation)


def crowd(service: Service, size: int, *, each: int = 1, change: Files = FAULTY) -> list[Subject]:
    """So many pull requests, `each` of them in one repository; their deliveries are on the way."""
    subjects: list[Subject] = []
    while len(subjects) < size:
        place = prepared(service, change)
        subjects.append(place.opened())
        for number in range(min(each - 1, size - len(subjects))):
            branch = f"feature-{number}"
            service.github.push(place.repository, branch, {**change, f"app/more{number}.py": ""}, "more")
            subjects.append(place.opened(branch))
    return subjects
