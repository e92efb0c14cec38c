"""The kinds of fact that are measured, and the share of each that has to be right over all projects."""

from __future__ import annotations

import msgspec

from tools.accuracy.tally import Tally

STUBBED_RESPONSE_MODELS = "response models, libraries stubbed"
"""Response models of projects whose truth was made with stand-ins for libraries that were missing."""


class Target(msgspec.Struct, frozen=True):
    """A kind of fact, the share to reach in recall and in precision, and what is counted."""

    fact: str
    share: float | None
    meaning: str

    def is_reached(self, tally: Tally) -> bool:
        """Whether a tally is at least as good as the target; always where there is none."""
        return self.share is None or min(tally.recall, tally.precision) >= self.share


TARGETS = (
    Target("routes", 0.99, "operations: method and full path"),
    Target("routes, libraries' too", None, "the same, with the library's own routes that the truth lists"),
    Target("handlers", 0.99, "qualified name of the endpoint, of operations that both know (so all below)"),
    Target("lines", 0.99, "line of the decorator or of the `def`"),
    Target("status codes", 0.99, "declared status code"),
    Target("schema inclusion", 0.99, "`include_in_schema`"),
    Target("response models", 0.97, "argument or return annotation, without module paths"),
    Target(STUBBED_RESPONSE_MODELS, 0.90, "the same where the truth was made with stubbed libraries"),
    Target("security schemes", 0.98, "the set of security classes of the flattened dependant"),
    Target("dependencies", 0.97, "callables of the flattened dependant by qualified name"),
    Target("middleware order", 1.0, "user middleware, outermost first"),
    Target("tables", 0.99, "names in `metadata.tables`"),
    Target("columns", 0.99, "columns of tables that both know (so all below)"),
    Target("types", 0.95, "SQLAlchemy type class"),
    Target("nullable", 0.98, "nullability"),
    Target("primary key", 0.98, "membership in the primary key"),
    Target("unique", 0.98, "`unique` on the column"),
    Target("index", 0.98, "`index` on the column"),
    Target("foreign key", 0.98, "target as `table.column`"),
)
