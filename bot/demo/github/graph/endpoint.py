"""POST /graphql: an operation executed over the subset of GitHub's schema in `schema.graphql`."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLSchema, build_schema, graphql_sync

from bot.demo.github.call import Answer, Call, Endpoint
from bot.demo.github.graph.failure import Failure
from bot.demo.github.graph.operations import Operations

SCHEMA_FILE = Path(__file__).with_name("schema.graphql")


@functools.cache
def schema() -> GraphQLSchema:
    """The part of GitHub's schema that is served here."""
    return build_schema(SCHEMA_FILE.read_text())


def execute(call: Call) -> Answer:
    """GitHub answers 200 whether or not the operation failed, except when there is none."""
    query = call.text("query")
    result = graphql_sync(
        schema(),
        query,
        root_value=Operations(call),
        variable_values=call.body.get("variables"),
        operation_name=call.body.get("operationName"),
    )
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [_error(error) for error in result.errors]
    return Answer(body=body)


def _error(error: GraphQLError) -> dict[str, Any]:
    shown: dict[str, Any] = dict(error.formatted)
    if isinstance(error.original_error, Failure):
        shown = {"type": error.original_error.kind, **shown}
    return shown


ENDPOINTS = (Endpoint(method="POST", path="/graphql", answer=execute),)
