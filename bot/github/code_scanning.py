"""SARIF for GitHub's code scanning.

Source: https://docs.github.com/rest/code-scanning/code-scanning#upload-an-analysis-as-sarif-data
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping

from bot.github.connection import Connection

PERMISSIONS: Mapping[str, str] = {"security_events": "write"}
MOST_BYTES = 10 * 1024 * 1024
"""What GitHub takes of a compressed file."""


class TooLarge(Exception):
    """The compressed file is larger than GitHub takes."""


def upload_sarif(connection: Connection, *, sha: str, ref: str, sarif: bytes) -> None:
    """Hand in the analysis of a commit; the alerts of an earlier one for `ref` are replaced.

    Raises `TooLarge`, and `GitHubRefused` where code scanning is off or the permission is not granted.
    """
    packed = gzip.compress(sarif, mtime=0)
    if len(packed) > MOST_BYTES:
        raise TooLarge
    body = {
        "commit_sha": sha,
        "ref": ref,
        "sarif": base64.b64encode(packed).decode(),
        "tool_name": "backend-architect",
        "validate": True,
    }
    connection.send("POST", "/code-scanning/sarifs", body, permissions=PERMISSIONS)
