"""What administrators do to installations and repositories, with the deliveries that follow from it."""

from __future__ import annotations

import dataclasses
import shutil
from typing import Any

from bot.demo.github.accounts import Installation, User
from bot.demo.github.hooks.hub import Event, Hub
from bot.demo.github.registration import listed
from bot.demo.github.repository import Repository
from bot.demo.github.shapes import accounts
from bot.demo.github.state import State


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Administrator:
    """Each method is one thing done."""

    state: State
    hub: Hub

    def uninstall(self, installation: Installation) -> None:
        """The App loses everything: its tokens are void at once."""
        with self.state.lock:
            self._announce(installation, "deleted", repositories=self._listed(installation.repository_ids))
            del self.state.installations[installation.id]
            self._revoke(installation)

    def suspend(self, installation: Installation) -> None:
        with self.state.lock:
            installation.suspended_at = self.state.clock()
            self._revoke(installation)
            self._announce(installation, "suspend", repositories=self._listed(installation.repository_ids))

    def unsuspend(self, installation: Installation) -> None:
        with self.state.lock:
            installation.suspended_at = None
            self._announce(installation, "unsuspend", repositories=self._listed(installation.repository_ids))

    def add(self, installation: Installation, *repositories: Repository) -> None:
        """Let the installation cover these repositories too."""
        with self.state.lock:
            installation.repository_ids |= {each.id for each in repositories}
            self._announce_reach(installation, "added", repositories)

    def remove(self, installation: Installation, *repositories: Repository) -> None:
        """Take these repositories from the installation."""
        with self.state.lock:
            installation.repository_ids -= {each.id for each in repositories}
            self._revoke(installation)
            self._announce_reach(installation, "removed", repositories)

    def rename(self, repository: Repository, name: str) -> None:
        """GitHub answers requests under the old name by pointing to the repository's id."""
        with self.state.lock:
            former = repository.name
            self.state.former_names[repository.full_name.lower()] = repository.id
            repository.name = name
            changes = {"repository": {"name": {"from": former}}}
            self._announce_repository(repository, "renamed", {"changes": changes})

    def transfer(self, repository: Repository, owner: str) -> None:
        """Another account's: the old owner's installations do not cover it any more."""
        with self.state.lock:
            former = repository.owner
            self.state.former_names[repository.full_name.lower()] = repository.id
            repository.owner = self.state.user(owner)
            changes = {"owner": {"from": {"user": accounts.user(self.hub.url, former)}}}
            self._announce_repository(repository, "transferred", {"changes": changes})
            for installation in self.state.installations_on(repository):
                if installation.account is former:
                    self.remove(installation, repository)

    def delete(self, repository: Repository) -> None:
        with self.state.lock:
            self._announce_repository(repository, "deleted", {})
            for installation in self.state.installations_on(repository):
                self.remove(installation, repository)
            del self.state.repositories[repository.id]
            shutil.rmtree(repository.folder, ignore_errors=True)

    def _revoke(self, installation: Installation) -> None:
        for value in [key for key, token in self.state.tokens.items() if token.installation is installation]:
            del self.state.tokens[value]

    def _announce(self, installation: Installation, action: str, **details: Any) -> None:
        shown = {"installation": accounts.installation(self.hub.url, installation), **details}
        self.hub.announce_installation(installation, shown, action=action)

    def _announce_reach(
        self, installation: Installation, action: str, repositories: tuple[Repository, ...]
    ) -> None:
        moved = listed(repositories)
        self.hub.announce_installation(
            installation,
            {
                "installation": accounts.installation(self.hub.url, installation),
                "repository_selection": "selected",
                "repositories_added": moved if action == "added" else [],
                "repositories_removed": moved if action == "removed" else [],
                "requester": None,
            },
            event="installation_repositories",
            action=action,
        )

    def _announce_repository(self, repository: Repository, action: str, details: dict[str, Any]) -> None:
        sender: User = repository.owner
        event = Event(name="repository", action=action, repository=repository, sender=sender, details=details)
        self.hub.emit(event)

    def _listed(self, identifiers: set[int]) -> list[dict[str, Any]]:
        return listed([self.state.repositories[each] for each in sorted(identifiers)])
