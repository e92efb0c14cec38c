"""`openapi`: the OpenAPI document of an application, as FastAPI would make it, without running it."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

import rules
from bot.console.configuration import Overrides, options_for
from bot.console.failure import CommandFailure
from bot.console.formats import OpenapiFormat
from bot.console.output_json import to_json
from bot.console.working_tree import read_tree
from rules import OpenapiRecord


def run(root: Path, application: str | None, output: OpenapiFormat) -> int:
    """Write the document. Returns 0. Raises `CommandFailure` where it is not clear of which application."""
    tree = read_tree(root, rules.interesting)
    options = options_for(tree, Overrides())
    try:
        found = rules.openapi(tree, options)
    except rules.Unanswered as error:
        raise CommandFailure(f"the project could not be read: {error}") from error
    document = _chosen(found, application).document
    if output is OpenapiFormat.YAML:
        sys.stdout.write(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100))
    else:
        sys.stdout.write(to_json(document))
    return 0


def _chosen(found: tuple[OpenapiRecord, ...], application: str | None) -> OpenapiRecord:
    if not found:
        raise CommandFailure(
            "no FastAPI application found; name it under `applications` in the configuration"
        )
    listed = ", ".join(record.app for record in found)
    if application is not None:
        named = [record for record in found if record.app == application]
        if not named:
            raise CommandFailure(f"there is no application {application}; there are: {listed}")
        return named[0]
    outermost = [record for record in found if not record.is_mounted]
    if len(outermost) != 1:
        raise CommandFailure(f"there are several applications; name one with --app: {listed}")
    return outermost[0]
