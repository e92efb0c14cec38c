"""Where the reviewed code and its rules can be looked at: links to lines at a commit, and to rules' pages."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from bot.registration import RULES_PAGE
from bot.render.markdown import blob_url, clip, code, link, plain

_LONGEST_ADDRESS = 1_000


@dataclass(frozen=True, slots=True)
class CodePage:
    """A repository's pages at one commit; `repository_url` is the host's address with owner and name.

    `rules_url` is the page on which each rule has a heading of its code and name.
    """

    repository_url: str
    sha: str
    rules_url: str = RULES_PAGE

    def lines(self, path: str, first: int, last: int | None = None) -> str:
        """A link that shows path and line and leads there; only the label where the path is endless."""
        label = code(f"{clip(path, 200)}:{first}")
        address = blob_url(self.repository_url, self.sha, path, first, last)
        return link(label, address) if len(address) <= _LONGEST_ADDRESS else label

    def rule(self, code: str, name: str) -> str:
        """Code and name of a rule, as a link to what is said of it."""
        label = plain(f"{code} {name}")
        anchor = quote(f"{code}-{name}".lower(), safe="-")
        return link(label, f"{self.rules_url}#{anchor}") if self.rules_url else label
