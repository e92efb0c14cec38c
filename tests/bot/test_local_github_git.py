"""The local GitHub's git database: commits from parts, and branches that move only forward."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo.github import LocalGitHub, git
from tests.github.caller import Caller
from tests.github.fixtures import github
from tests.github.scene import CHANGED, Scene, scene

__all__ = ["github", "scene"]

GIT = "/repos/octo-org/notes/git"
MOVE = f"{GIT}/refs/heads/change"


@pytest.fixture
def pusher(github: LocalGitHub, scene: Scene) -> Caller:
    """Whose token may write contents."""
    app = github.create_app("pusher", permissions={"metadata": "read", "contents": "write"})
    token = github.token(github.install(app, scene.repository)).value
    return Caller(github.api_url, token)


def made(pusher: Caller, scene: Scene, files: dict[str, str], *, onto: str | None = None) -> str:
    parent = onto or scene.pull.head_sha
    base = pusher.get(f"{GIT}/commits/{parent}").json()["tree"]["sha"]
    entries = [
        {"path": path, "mode": "100644", "type": "blob", "content": text} for path, text in files.items()
    ]
    tree = pusher.post(f"{GIT}/trees", {"base_tree": base, "tree": entries}).json()["sha"]
    body = {"message": "By the API", "tree": tree, "parents": [parent]}
    answer = pusher.post(f"{GIT}/commits", body)
    assert answer.status_code == 201
    return str(answer.json()["sha"])


def test_a_commit_is_made_of_parts_and_the_pull_request_follows(pusher: Caller, scene: Scene) -> None:
    before = scene.pull.head_sha
    sha = made(pusher, scene, {"deep/er/new.txt": "new\n", "notes.txt": "all new\n"})
    assert scene.pull.head_sha == before
    answer = pusher.patch(MOVE, {"sha": sha, "force": False})
    assert (answer.status_code, answer.json()["object"]["sha"]) == (200, sha)
    assert scene.pull.head_sha == sha
    folder = scene.repository.folder
    assert git.blob(folder, sha, "deep/er/new.txt") == b"new\n"
    assert git.blob(folder, sha, "notes.txt") == b"all new\n"
    assert git.blob(folder, sha, "new.txt") == b"new\n"
    listed = pusher.get(f"{GIT}/trees/{sha}", params={"recursive": 1}).json()["tree"]
    assert [entry["path"] for entry in listed if entry["type"] == "blob"] == [
        "deep/er/new.txt",
        "new.txt",
        "notes.txt",
    ]


def test_a_branch_moves_only_forward(pusher: Caller, scene: Scene) -> None:
    sha = made(pusher, scene, {"a.txt": "a\n"})
    scene.github.push(scene.repository, "change", {"notes.txt": CHANGED + "more\n"}, "Meanwhile")
    refused = pusher.patch(MOVE, {"sha": sha, "force": False})
    assert (refused.status_code, refused.json()["message"]) == (422, "Update is not a fast forward")
    assert git.resolve(scene.repository.folder, "refs/heads/change") != sha


def test_a_protected_branch_does_not_move(pusher: Caller, scene: Scene) -> None:
    sha = made(pusher, scene, {"a.txt": "a\n"})
    scene.repository.protected_branches.add("change")
    assert pusher.patch(MOVE, {"sha": sha}).status_code == 422
    assert scene.pull.head_sha != sha


def test_who_may_only_read_makes_nothing(scene: Scene) -> None:
    head = scene.pull.head_sha
    assert scene.client.get(f"{GIT}/commits/{head}").status_code == 200
    entry = {"path": "a.txt", "mode": "100644", "type": "blob", "content": "a\n"}
    for answer in (
        scene.client.post(f"{GIT}/blobs", {"content": "a", "encoding": "utf-8"}),
        scene.client.post(f"{GIT}/trees", {"tree": [entry]}),
        scene.client.post(f"{GIT}/commits", {"message": "m", "tree": head, "parents": [head]}),
        scene.client.patch(MOVE, {"sha": head}),
    ):
        assert answer.status_code == 403


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/trees", {"tree": []}),
        ("/trees", {"tree": [{"path": "a", "mode": "100644", "type": "blob"}]}),
        ("/trees", {"tree": [{"path": "a", "mode": "100600", "type": "blob", "content": "a"}]}),
        (
            "/trees",
            {"base_tree": "0" * 40, "tree": [{"path": "a", "mode": "100644", "type": "blob", "content": ""}]},
        ),
        ("/commits", {"message": "m", "tree": "0" * 40, "parents": []}),
        ("/commits", {"message": "m", "tree": "0" * 40, "parents": ["1" * 40]}),
    ],
)
def test_what_makes_no_object_is_refused(pusher: Caller, path: str, body: dict[str, Any]) -> None:
    answer = pusher.post(f"{GIT}{path}", body)
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_a_blob_keeps_its_bytes(pusher: Caller, scene: Scene) -> None:
    sha = pusher.post(f"{GIT}/blobs", {"content": "AP8K", "encoding": "base64"}).json()["sha"]
    assert git.run(scene.repository.folder, "cat-file", "blob", sha) == b"\x00\xff\n"
