"""The file that `baseline` names: findings that were there and were accepted, one on each line."""

from __future__ import annotations

import msgspec

from rules.configuration.problem import ConfigurationError, Problem

LARGEST_BASELINE = 2 * 1024 * 1024
VERSION = 1


class Accepted(msgspec.Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """One accepted finding. `rule` and `path` are for people; the fingerprint alone decides."""

    path: str
    rule: str
    fingerprint: str
    reason: str = ""


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file's content."""

    version: int
    findings: tuple[Accepted, ...] = ()


def read_baseline(path: str, content: bytes) -> Baseline:
    """Return the baseline. Raises `ConfigurationError` for anything but a file as this version writes it."""
    if len(content) > LARGEST_BASELINE:
        raise _mistake(path, f"the file is larger than {LARGEST_BASELINE // 1024} KiB; mend some findings")
    try:
        found = msgspec.json.decode(content, type=Baseline)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _mistake(path, f"no baseline as Backend Architect writes them: {error}") from error
    if found.version != VERSION:
        raise _mistake(path, f"version {found.version} of the baseline is unknown; write it anew")
    return found


def written(findings: tuple[Accepted, ...]) -> bytes:
    """The file for these findings, sorted, one on each line so that branches merge."""
    lines = [f"    {msgspec.json.encode(found).decode()}" for found in sorted(set(findings))]
    listed = "[\n" + ",\n".join(lines) + "\n  ]" if lines else "[]"
    return f'{{\n  "version": {VERSION},\n  "findings": {listed}\n}}\n'.encode()


def _mistake(path: str, message: str) -> ConfigurationError:
    return ConfigurationError((Problem(path, 1, message),))
