"""The words after `/architect`. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Review:
    """Review again."""


@dataclass(frozen=True, slots=True)
class Help:
    """Say which commands there are."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing that we know; `why` is one line for the person who wrote it."""

    why: str


Command = Review | Help | Unknown


def parse(line: str) -> Command:
    """Read a comment's first line, from `/architect` on."""
    word, *arguments = line.removeprefix("/architect").split() or ["help"]
    if word == "help" and not arguments:
        return Help()
    if word == "review" and arguments in ([], ["full"]):
        return Review()
    if word == "review":
        return Unknown("`review` takes nothing or `full`.")
    return Unknown("That is no command of mine: `/architect help` lists them.")
