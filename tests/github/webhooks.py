"""Webhook payloads held to GitHub's description of them."""

from __future__ import annotations

import functools
import json

from openapi_schema_validator import OAS30Validator, oas30_format_checker

from bot.demo.github.hooks.delivery import Delivery
from tests.github.openapi import webhook_schema

UNLISTED = frozenset({"merge_group"})
"""Events that GitHub delivers and its list of an App's events leaves out."""


def violations(delivery: Delivery) -> list[str]:
    """What GitHub's description says against the payload that was sent."""
    name = f"{delivery.event}-{delivery.action}".replace("_", "-")
    found = [
        error
        for error in _validator(name).iter_errors(json.loads(delivery.body))
        if not (error.validator == "enum" and error.instance in UNLISTED)
    ]
    return [f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in found]


@functools.cache
def _validator(name: str) -> OAS30Validator:
    return OAS30Validator(webhook_schema(name), format_checker=oas30_format_checker)
