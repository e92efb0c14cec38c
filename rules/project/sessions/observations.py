"""Writes by which a service only notes that it was used: counters, times of last use, logs, caches."""

from __future__ import annotations

import re

from rules.project.sessions.row_writes import Change, RowWrite

_COUNTED = re.compile(
    r"^(last|latest|recent)_|(^|_)(views?|hits?|visits?|clicks?|opens?|downloads?|reads|usage|used|"
    r"accesse[sd]|seen|viewed|opened|impressions?|counter|heartbeat)(_|$)",
    re.IGNORECASE,
)
"""Columns by which a service only observes that it was used."""

_OBSERVES = frozenset(
    {
        "audit", "log", "logs", "event", "history", "metric", "metrics", "analytics", "statistic", "stats",
        "visit", "visits", "pageview", "view", "views", "hit", "hits", "click", "clicks", "impression",
        "cache", "cached", "journal", "trace", "telemetry", "usage", "activity", "download", "counter",
    }
)  # fmt: skip
"""Words in the names of tables that hold observations, or copies that can be made again."""
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


def only_observes(write: RowWrite) -> bool:
    """Whether a write changes nothing that anyone asked for."""
    if write.attribute:
        return bool(_COUNTED.search(write.attribute))
    words = [word.lower() for word in _WORDS.findall(write.table.model_name)]
    return write.change is Change.ADDS and words != ["event"] and not _OBSERVES.isdisjoint(words)
