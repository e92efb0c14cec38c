"""Places in code that no page shows."""

from __future__ import annotations

from dataclasses import dataclass

from bot.render.markdown import clip, code
from bot.render.place import CodePage


@dataclass(frozen=True, slots=True)
class LocalPage(CodePage):
    """Code on this machine: its places are names and no links."""

    def lines(self, path: str, first: int, last: int | None = None) -> str:
        """Path and lines."""
        lines = f"{first}" if last is None or last <= first else f"{first}-{last}"
        return code(f"{clip(path, 200)}:{lines}")
