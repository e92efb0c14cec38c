"""GitHub's GraphQL errors, which carry a `type` beside the message."""

from __future__ import annotations


class Failure(Exception):
    """An error of one field; `kind` is GitHub's `type`."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def forbidden() -> Failure:
    return Failure("FORBIDDEN", "Resource not accessible by integration")


def unresolved(identifier: str) -> Failure:
    return Failure("NOT_FOUND", f"Could not resolve to a node with the global id of '{identifier}'")
