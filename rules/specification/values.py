"""Values of specifications, and the mark of what one leaves open."""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = Any
"""A JSON value: dicts, lists, texts, numbers, booleans and None."""
UNSTATED = "x-unstated"
"""The key, always true, of a schema that does not tell what is required and what else is there."""
