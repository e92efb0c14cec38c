"""SARIF for code scanning: the verdict with paths from the repository's root."""

from __future__ import annotations

from bot.console.verdict_document import Shown
from bot.sarif.document import sarif
from bot.sarif.results import Places


def to_sarif(shown: Shown) -> str:
    """Return the SARIF file."""
    places = Places(prefix=shown.prefix, sources=shown.sources)
    compared = shown.comparison.base_surface is not None
    return sarif(shown.review, places, version=shown.document.tool.version, compared=compared).decode()
