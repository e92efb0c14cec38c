"""The JSON Schema of the configuration, made from `Options`, for editors and for `docs/`."""

from __future__ import annotations

import msgspec

from rules.configuration.options import Options


def json_schema() -> dict[str, object]:
    """Return the schema, draft 2020-12, of `.github/backend-architect.yml` and of the pyproject table."""
    schema = msgspec.json.schema(Options)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Backend Architect: configuration of a repository",
        **schema,
    }
