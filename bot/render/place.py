"""Where the reviewed code can be looked at: links to lines at a commit."""

from __future__ import annotations

from dataclasses import dataclass

from bot.render.markdown import blob_url, clip, code, link


@dataclass(frozen=True, slots=True)
class CodePage:
    """A repository's pages at one commit; `repository_url` is the host's address with owner and name."""

    repository_url: str
    sha: str

    def lines(self, path: str, first: int, last: int | None = None) -> str:
        """A link that shows path and line and leads there."""
        label = code(f"{clip(path, 200)}:{first}")
        return link(label, blob_url(self.repository_url, self.sha, path, first, last))
