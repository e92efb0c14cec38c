"""What a text literal holds where a secret is expected: a password in a URL, a key, a placeholder."""

from __future__ import annotations

import re
from urllib.parse import unquote

_URL = re.compile(
    r"^[a-z][a-z0-9+.\-]*://(?P<user>[^:@/?#\s]*):(?P<password>[^@/?#\s]+)@(?P<host>[^/?#\s]*)", re.IGNORECASE
)
_PLACEHOLDER = re.compile(
    r"^(<.*>|\$\{.*\}|\{+.*\}+|%\(?\w*\)?s?|\*+|\.+|-+|none|null|unset|undefined|not[ _-]?set|n/?a)$",
    re.IGNORECASE,
)
_PUBLIC = re.compile(r"-----BEGIN (RSA |EC )?(PUBLIC KEY|CERTIFICATE)-----|^ssh-(rsa|ed25519) ")
_WELL_KNOWN = frozenset(
    {
        "postgres", "postgresql", "password", "pass", "root", "admin", "user", "test", "guest", "mysql",
        "secret",
        "changeme", "changethis", "example", "dev", "local", "development", "redis", "mongo", "minioadmin",
    }
)  # fmt: skip
_LOCAL = re.compile(
    r"^(localhost|127\.|0\.0\.0\.0|\[?::1|host\.docker\.internal|[\w-]+(:\d+)?$)", re.IGNORECASE
)
OPAQUE = "\ufffc"
"""Stands in a text for a part that exists only at run time."""


def is_secret_text(text: str) -> bool:
    """Whether a literal gives the secret away: neither empty, nor a mark to fill in, nor a public key."""
    bare = text.strip()
    return bool(bare) and OPAQUE not in bare and not _PLACEHOLDER.match(bare) and not _PUBLIC.search(bare)


def url_password(text: str) -> str | None:
    """The password that a connection URL carries literally; None where it has none."""
    found = _URL.match(text.strip())
    if found is None:
        return None
    password = unquote(found["password"])
    return password if is_secret_text(password) else None


def is_local_url(text: str) -> bool:
    """Whether a connection URL leads to this machine or to a container's neighbour."""
    found = _URL.match(text.strip())
    return found is not None and _LOCAL.match(found["host"]) is not None


def is_well_known(text: str) -> bool:
    """Whether a password is one that images and examples come with, so that it protects nothing anywhere."""
    return text.strip().lower() in _WELL_KNOWN


def is_password_of_user(text: str) -> bool:
    """Whether a URL's password is its user's name, as local databases are set up."""
    found = _URL.match(text.strip())
    return found is not None and found["user"].lower() == found["password"].lower()
