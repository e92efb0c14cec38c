"""A commit on top of a pull request's head, by the git database API; the branch moves only from that head."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from urllib.parse import quote

import msgspec

from bot.github.app import not_granted
from bot.github.connection import Connection
from bot.github.refusal import GitHubRefused

PUSH_PERMISSIONS: Mapping[str, str] = {"contents": "write"}
_FILE = "100644"
_REFUSED = (403, 404, 409, 422)


class CannotPush(Exception):
    """GitHub does not let the App move this branch; the text says why, in its words."""


class _Sha(msgspec.Struct):
    sha: str


class _Entry(msgspec.Struct):
    path: str
    mode: str
    type: str


class _Tree(msgspec.Struct):
    sha: str
    tree: list[_Entry] = []
    truncated: bool = False


class _Commit(msgspec.Struct):
    sha: str
    message: str
    tree: _Sha


class _Reference(msgspec.Struct):
    object: _Sha


def message_of(connection: Connection, sha: str) -> str:
    """The message of a commit."""
    return msgspec.convert(connection.read(f"/git/commits/{sha}"), _Commit).message


def commit_files(
    connection: Connection, *, branch: str, head: str, files: Mapping[str, bytes], message: str
) -> str:
    """Commit whole files on top of `head` as the new tip of `branch`, and give the commit's sha.

    Raises `CannotPush` where the App was not granted `PUSH_PERMISSIONS`, where the branch is protected or
    gone, and where it is not at `head` any more: nobody's commit is lost.
    """
    try:
        tree = _tree(connection, head, files)
        body = {"message": message, "tree": tree, "parents": [head]}
        commit = msgspec.convert(
            connection.send("POST", "/git/commits", body, permissions=PUSH_PERMISSIONS), _Sha
        ).sha
        _move(connection, branch, commit)
    except GitHubRefused as refused:
        if refused.status not in _REFUSED:
            raise
        ungranted = "the App was not granted `contents: write`" if not_granted(refused) else ""
        raise CannotPush(ungranted or refused.message) from refused
    return commit


def _tree(connection: Connection, head: str, files: Mapping[str, bytes]) -> str:
    start = msgspec.convert(connection.read(f"/git/commits/{head}"), _Commit).tree.sha
    modes = _modes(connection, start, files)
    entries = [
        {"path": path, "type": "blob", "mode": modes.get(path, _FILE), **_content(connection, content)}
        for path, content in sorted(files.items())
    ]
    body = {"base_tree": start, "tree": entries}
    return msgspec.convert(
        connection.send("POST", "/git/trees", body, permissions=PUSH_PERMISSIONS), _Sha
    ).sha


def _modes(connection: Connection, tree: str, files: Mapping[str, bytes]) -> dict[str, str]:
    listed = msgspec.convert(connection.read(f"/git/trees/{tree}", recursive=1), _Tree)
    found = {entry.path: entry.mode for entry in listed.tree if entry.type == "blob"}
    if listed.truncated and not files.keys() <= found.keys():
        raise CannotPush("the repository has more files than GitHub lists")
    return found


def _content(connection: Connection, content: bytes) -> dict[str, str]:
    try:
        return {"content": content.decode()}
    except UnicodeDecodeError:
        body = {"content": base64.b64encode(content).decode(), "encoding": "base64"}
        return {
            "sha": msgspec.convert(
                connection.send("POST", "/git/blobs", body, permissions=PUSH_PERMISSIONS), _Sha
            ).sha
        }


def _move(connection: Connection, branch: str, commit: str) -> None:
    name = quote(branch, safe="/")

    def move() -> str:
        answer = connection.send(
            "PATCH", f"/git/refs/heads/{name}", {"sha": commit, "force": False}, permissions=PUSH_PERMISSIONS
        )
        return msgspec.convert(answer, _Reference).object.sha

    def find() -> str | None:
        answer = connection.read(f"/git/ref/heads/{name}")
        tip = msgspec.convert(answer, _Reference).object.sha
        return tip if tip == commit else None

    connection.settle(move, find)
