"""The options of a command: the repository's configuration, or a file's, with the command line over it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

import rules
from bot.console.failure import CommandFailure
from rules.configuration import ConfigurationError, Options, read, unknown_selector
from rules.rule import Severity


class Overrides(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says over the configuration; empty and None leave it as it is.

    `select` replaces both lists of the configuration, `ignore` adds to its own.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity | None = None
    configuration: Path | None = None


def options_for(tree: Mapping[str, bytes], overrides: Overrides) -> Options:
    """Return the options for a tree. Raises `CommandFailure` that names the first mistake."""
    known = rules.known_rules()
    for selector in (*overrides.select, *overrides.ignore):
        if fault := unknown_selector(selector, known):
            raise CommandFailure(fault)
    try:
        options = _configured(tree, overrides.configuration, known)
    except ConfigurationError as error:
        raise CommandFailure(_first(error)) from error
    return msgspec.structs.replace(
        options,
        select=overrides.select or options.select,
        ignore=overrides.ignore if overrides.select else (*options.ignore, *overrides.ignore),
        fail_on=overrides.fail_on or options.fail_on,
    )


def remarks(base: Mapping[str, bytes], head: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return what to say of a change to the configuration: its mistakes, or that it does not count yet."""
    try:
        changed = rules.load_options(head)
    except ConfigurationError as error:
        return tuple(f"{problem} (the base's configuration was used)" for problem in error.problems)
    if changed == rules.load_options(base):
        return ()
    return ("the configuration differs from the base's; the base's was used, as in a pull request",)


def _configured(tree: Mapping[str, bytes], file: Path | None, known: Mapping[str, str]) -> Options:
    if file is None:
        return rules.load_options(tree)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CommandFailure(f"--config {file}: {error.strerror}; name a YAML or TOML file") from error
    return read(str(file), content, known)


def _first(error: ConfigurationError) -> str:
    others = len(error.problems) - 1
    return f"{error.problems[0]}" + (f" (and {others} more)" if others else "")
