"""Whether the enums that migrations create still have the values that they were created with."""

from __future__ import annotations

from rules.project.migrations.revisions import Environment

_CHANGES = (b"add value", b"alter type", b"create type", b"rename value", b"sync_enum", b"replaceable_enum")


def knows_enum_values(environment: Environment) -> bool:
    """False where some revision changes a database type by SQL, which the replay does not follow."""
    texts = (revision.module.source.data.lower() for revision in environment.revisions)
    return not any(change in text for text in texts for change in _CHANGES)
