"""The names of Redis's keys. Every one is prefixed by GitHub host and App, and by what it belongs to."""

from __future__ import annotations

import msgspec

from bot.triggers import CommitKey, GroupKey, PullRequestKey

ItemKey = PullRequestKey | CommitKey | GroupKey


class Scope(msgspec.Struct, frozen=True):
    """One App on one GitHub: what the ledger of one deployment is about."""

    host: str
    app: str

    @property
    def work(self) -> str:
        """Sorted set of the items that have work; the score is when they are due, in milliseconds."""
        return f"architect:{self.host}/{self.app}:work"

    @property
    def running(self) -> str:
        """Sorted set of the items that are queued or worked on; the score is until when, in milliseconds."""
        return f"architect:{self.host}/{self.app}:running"

    @property
    def served(self) -> str:
        """Sorted set of installations (`host/app/id`) by when they last got a turn, in milliseconds."""
        return f"architect:{self.host}/{self.app}:served"

    @property
    def wake(self) -> str:
        """List that holds one entry while somebody should look at `work` at once."""
        return f"architect:{self.host}/{self.app}:wake"

    @property
    def sweep(self) -> str:
        """The lock of the sweeper that does the maintenance."""
        return f"architect:{self.host}/{self.app}:sweep"

    @property
    def dead(self) -> str:
        """List of what was given up after too many tries, newest first."""
        return f"architect:{self.host}/{self.app}:dead"

    @property
    def alive(self) -> str:
        """There from the first complete look at GitHub on: where it is missing, Redis lost what it held."""
        return f"architect:{self.host}/{self.app}:alive"

    @property
    def rebuilt(self) -> str:
        """Set of the installations that were looked at since Redis lost its data, until all were."""
        return f"architect:{self.host}/{self.app}:rebuilt"

    @property
    def healing(self) -> str:
        """The item, as it were, that the healer holds the lease of."""
        return f"{self.host}/{self.app}/healing"

    @property
    def delivered(self) -> str:
        """Up to when GitHub's list of deliveries needs no second look: an ISO time."""
        return f"architect:{self.host}/{self.app}:delivered"

    @property
    def cursor(self) -> str:
        """Where the last look at open pull requests ended: `installation/repository`."""
        return f"architect:{self.host}/{self.app}:cursor"

    @property
    def changes(self) -> str:
        """List of what changed about where the App is installed, oldest first."""
        return f"architect:{self.host}/{self.app}:changes"

    @property
    def departed(self) -> str:
        """Sorted set of the repository ids that are out of reach; the score is since when, in seconds."""
        return f"architect:{self.host}/{self.app}:departed"

    def step(self, name: str) -> str:
        """String that is there until a step of healing is due again."""
        return f"architect:{self.host}/{self.app}:healing:{name}"

    def place(self, installation: int, repository: int | None = None) -> str:
        """What the keys of an installation's, or of one repository's, items begin with."""
        whole = f"architect:{self.host}/{self.app}/{installation}/"
        return whole if repository is None else f"{whole}{repository}/"

    def heads(self, installation: int, repository: int) -> str:
        """Hash: the head that was found reviewed, by pull request number."""
        return f"{self.place(installation, repository)}heads"

    @property
    def metrics(self) -> str:
        """Hash: what workers measured, added up."""
        return f"architect:{self.host}/{self.app}:metrics"

    @property
    def budgets(self) -> str:
        """Hash: how many requests GitHub still allows, by installation."""
        return f"architect:{self.host}/{self.app}:budgets"

    @property
    def welcomed(self) -> str:
        """Set: the installations that were shown a first check run."""
        return f"architect:{self.host}/{self.app}:welcomed"

    def delivery(self, guid: str) -> str:
        """Hash: what one delivery became."""
        return f"architect:{self.host}/{self.app}:delivery:{guid}"


def scope_of(key: ItemKey) -> Scope:
    """The scope that an item belongs to."""
    return Scope(key.host, key.app)


def item_of(key: ItemKey) -> str:
    """The item's name: all that crosses the queue."""
    place = f"{key.host}/{key.app}/{key.installation}/{key.repository}"
    match key:
        case CommitKey():
            return f"{place}/commit/{key.sha}"
        case GroupKey():
            return f"{place}/group/{key.group}"
        case PullRequestKey():
            return f"{place}/pull/{key.number}"


def key_of(item: str) -> ItemKey:
    """The item that a name means. Raises ValueError for anything that `item_of` does not give."""
    host, app, installation, repository, kind, last = item.split("/")
    if kind == "commit":
        return CommitKey(host, app, int(installation), int(repository), last)
    if kind == "group":
        return GroupKey(host, app, int(installation), int(repository), last)
    if kind == "pull":
        return PullRequestKey(host, app, int(installation), int(repository), int(last))
    raise ValueError(f"not an item of the ledger: {item!r}")


def state_of(item: str) -> str:
    """Hash: generations, the newest request, tries, the fencing token's counter."""
    return f"architect:{item}:state"


def lease_of(item: str) -> str:
    """String with an expiry: who works on the item now."""
    return f"architect:{item}:lease"


def commands_of(item: str) -> str:
    """Hash: pending slash commands by comment id."""
    return f"architect:{item}:commands"


def answered_of(item: str) -> str:
    """Set: comment ids of the commands that are done."""
    return f"architect:{item}:answered"
