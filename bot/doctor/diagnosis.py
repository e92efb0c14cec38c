"""What one examination found."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class State(StrEnum):
    """`unknown`: it could not be found out. Only a fault makes the whole unhealthy."""

    OK = "ok"
    WARNING = "warning"
    UNKNOWN = "unknown"
    FAULT = "fault"


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at. `remedy` is empty where nothing is to be done."""

    check: str
    state: State
    message: str
    remedy: str = ""


def ok(check: str, message: str) -> Diagnosis:
    """It is as it must be."""
    return Diagnosis(check=check, state=State.OK, message=message)


def fault(check: str, message: str, remedy: str) -> Diagnosis:
    """It keeps the service from its work, or endangers it."""
    return Diagnosis(check=check, state=State.FAULT, message=message, remedy=remedy)


def warning(check: str, message: str, remedy: str) -> Diagnosis:
    """It works, and could be better."""
    return Diagnosis(check=check, state=State.WARNING, message=message, remedy=remedy)


def unknown(check: str, message: str, remedy: str = "") -> Diagnosis:
    """It could not be found out."""
    return Diagnosis(check=check, state=State.UNKNOWN, message=message, remedy=remedy)
