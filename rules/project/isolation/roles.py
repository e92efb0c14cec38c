"""What stands behind the symbols of a request's run: who chose the value that a parameter holds."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Input(enum.StrEnum):
    """Where in the request the client put a value."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    COOKIE = "cookie"
    BODY = "body"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class ClientInput:
    """A value that the client chooses freely, but for the regular expression that it must match."""

    kind: Input
    name: str
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Credential:
    """A value that proves who the client is: a security scheme's result, a session cookie, a token header.

    `required` is true where the framework itself refuses a request without it.
    """

    name: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Principal:
    """The authenticated user as something outside the project gives it; `required` if never absent."""

    source: str
    required: bool = True
    privileged: bool = False


@dataclass(frozen=True, slots=True)
class Connection:
    """The `Request`, `WebSocket` or `HTTPConnection`: it carries credentials and client values."""

    name: str


@dataclass(frozen=True, slots=True)
class Injected:
    """What an opaque dependency or the framework gives: a session, background tasks, a client."""

    source: str
