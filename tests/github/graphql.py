"""GraphQL operations and their answers held to GitHub's public schema."""

from __future__ import annotations

import functools
import json

from graphql import GraphQLSchema, build_schema, parse, validate

from bot.demo.github.exchange import Exchange
from tests.github.packages import GRAPHQL_SCHEMA, package_folder


def violations(exchange: Exchange) -> list[str]:
    """What GitHub's schema says against the operation, if the local GitHub executed it.

    The answer needs no check of its own: graphql-core completes it from types that
    `test_schema_is_a_part_of_githubs` compares with GitHub's.
    """
    if exchange.path not in ("/graphql", "/api/graphql") or exchange.status != 200:
        return []
    operation = json.loads(exchange.request_body)["query"]
    answer = json.loads(exchange.response_body)
    if answer.get("data") is None and not any("type" in error for error in answer.get("errors", ())):
        return []
    return [f"GraphQL: {error.message}" for error in validate(github_schema(), parse(operation))]


@functools.cache
def github_schema() -> GraphQLSchema:
    text = (package_folder(GRAPHQL_SCHEMA) / "schema.graphql").read_text()
    return build_schema(text, assume_valid=True)
