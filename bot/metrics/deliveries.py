"""How many deliveries this receiver answered, by event and outcome: counted in its own process."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter

KNOWN_EVENTS = frozenset(
    {
        "check_run",
        "check_suite",
        "installation",
        "installation_repositories",
        "issue_comment",
        "merge_group",
        "ping",
        "pull_request",
        "pull_request_review_comment",
        "pull_request_review_thread",
        "repository",
    }
)
"""Anybody can send any event's name; all others count as one."""


class DeliveryCount:
    """Counts; `registry` shows them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._counter = Counter(
            "architect_deliveries",
            "Deliveries by event and by what became of them.",
            ["event", "outcome"],
            registry=self.registry,
        )

    def add(self, event: str, outcome: str) -> None:
        """Count one. `event` may be anything, `outcome` is one of ours."""
        self._counter.labels(event if event in KNOWN_EVENTS else "other", outcome).inc()
