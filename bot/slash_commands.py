"""What a person may ask of the bot on a pull request, and how a line says it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

COMMAND = re.compile(r" {0,3}(/architect(?:[ \t].*)?)\Z")
LONGEST_COMMAND = 1_000
SHORTEST_FINDING = 8
_FINDING = re.compile(rf"[0-9a-f]{{{SHORTEST_FINDING},32}}\Z")
_BECAUSE = re.compile(r"(?:because|since|:|-|—)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Review:
    """Review again; `full`: without anything remembered."""

    full: bool = False


@dataclass(frozen=True, slots=True)
class Explain:
    """Show a rule's documentation; without a code that of the thread's rule."""

    code: str | None = None


@dataclass(frozen=True, slots=True)
class Ignore:
    """Let a finding not count; `finding` is the beginning of its fingerprint, None the thread's."""

    finding: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Unignore:
    """Let it count again."""

    finding: str | None


@dataclass(frozen=True, slots=True)
class Fix:
    """Apply every safe fix, or the one of a finding."""

    finding: str | None = None


@dataclass(frozen=True, slots=True)
class AcceptBaseline:
    """Accept what the change introduces; asked for by a button, there is no such line."""


@dataclass(frozen=True, slots=True)
class Config:
    """Show the configuration that counts."""


@dataclass(frozen=True, slots=True)
class Help:
    """Say which commands there are."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing that we know; `why` is one line for the person who wrote it."""

    why: str


Command = Review | Explain | Ignore | Unignore | Fix | AcceptBaseline | Config | Help | Unknown


def command_line(body: str) -> str | None:
    """The command on a comment's first line; None for prose, quotes, code and anything further down."""
    first = re.split(r"\r\n|\r|\n", body, maxsplit=1)[0]
    if len(first) > LONGEST_COMMAND or not first.replace("\t", " ").isprintable():
        return None
    found = COMMAND.match(first)
    return found.group(1).rstrip() if found else None


def parse(line: str) -> Command:
    """Read a comment's first line, from `/architect` on."""
    words = line.removeprefix("/architect").split(None, 1) or ["help"]
    read = _COMMANDS.get(words[0])
    if read is None:
        return Unknown("That is no command of mine: `/architect help` lists them.")
    return read(" ".join(words[1:]).strip())


def _review(rest: str) -> Command:
    if rest not in ("", "full"):
        return Unknown("`review` takes nothing or `full`.")
    return Review(full=rest == "full")


def _explain(rest: str) -> Command:
    if len(rest.split()) > 1:
        return Unknown("`explain` takes one rule: its code, such as `BA305`, or its name.")
    return Explain(rest or None)


def _ignore(rest: str) -> Command:
    first, _, behind = rest.partition(" ")
    named = _FINDING.match(first.lower())
    reason = _BECAUSE.sub("", (behind if named else rest).strip(), count=1).strip()
    if not re.search(r"\w", reason):
        return Unknown(
            "`ignore` needs a reason: the finding's first 8 digits, then why it is right as it is."
        )
    return Ignore(first.lower() if named else None, reason)


def _unignore(rest: str) -> Command:
    finding = _one_finding(rest)
    return finding if isinstance(finding, Unknown) else Unignore(finding)


def _fix(rest: str) -> Command:
    finding = _one_finding(rest)
    return finding if isinstance(finding, Unknown) else Fix(finding)


def _one_finding(rest: str) -> str | Unknown | None:
    if not rest:
        return None
    if not _FINDING.match(rest.lower()):
        return Unknown("A finding is named by the first 8 digits of its fingerprint, or more of them.")
    return rest.lower()


def _config(rest: str) -> Command:
    return Unknown("`config` takes nothing.") if rest else Config()


def _help(rest: str) -> Command:
    return Unknown("`help` takes nothing.") if rest else Help()


_COMMANDS: dict[str, Callable[[str], Command]] = {
    "review": _review,
    "explain": _explain,
    "ignore": _ignore,
    "unignore": _unignore,
    "fix": _fix,
    "config": _config,
    "help": _help,
}
