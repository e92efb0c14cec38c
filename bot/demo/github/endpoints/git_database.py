"""REST operations on git's objects and on branches."""

from __future__ import annotations

import base64
from typing import Any

from bot.demo.github import git, log, trees
from bot.demo.github.actions import pushes
from bot.demo.github.call import Answer, Call, Endpoint
from bot.demo.github.refusal import Refusal, invalid_request, not_found
from bot.demo.github.repository import Repository
from bot.demo.github.shapes import commits
from bot.demo.github.shapes.repository import repository_url

MODES = ("100644", "100755", "120000")


def show_commit(call: Call) -> Answer:
    record = call.repository()
    try:
        found = log.commit(record.folder, call.parameters["commit_sha"])
    except git.GitError:
        raise not_found() from None
    return Answer(body=commits.git_commit(call.hub.url, record, found))


def show_tree(call: Call) -> Answer:
    """GitHub lists recursively for any value of `recursive`."""
    record, sha = call.repository(), call.parameters["tree_sha"]
    try:
        entries = trees.listed(record.folder, sha, recursive="recursive" in call.query)
    except git.GitError:
        raise not_found() from None
    return Answer(body=_tree(call, record, sha, entries))


def _tree(
    call: Call, record: Repository, sha: str, entries: list[tuple[str, str, str, str]]
) -> dict[str, Any]:
    base = f"{repository_url(call.hub.url, record)}/git"
    listed = [
        {"path": path, "mode": mode, "type": kind, "sha": each, "url": f"{base}/{kind}s/{each}"}
        for mode, kind, each, path in entries
    ]
    return {"sha": sha, "url": f"{base}/trees/{sha}", "tree": listed, "truncated": False}


def create_blob(call: Call) -> Answer:
    record, content = call.repository(), call.body.get("content")
    if not isinstance(content, str):
        raise invalid_request('"content" wasn\'t supplied.')
    try:
        encoded = call.body.get("encoding") == "base64"
        data = base64.b64decode(content, validate=True) if encoded else content.encode()
    except ValueError:
        raise invalid_request("content is not valid Base64") from None
    sha = trees.write_blob(record.folder, data)
    url = f"{repository_url(call.hub.url, record)}/git/blobs/{sha}"
    return Answer(body={"sha": sha, "url": url}, status=201)


def create_tree(call: Call) -> Answer:
    record, given = call.repository(), call.body.get("tree")
    if not isinstance(given, list) or not given:
        raise Refusal(422, "Invalid tree info")
    leaves = {str(entry.get("path", "")): _leaf(record, entry) for entry in given}
    try:
        sha = trees.graft(record.folder, call.body.get("base_tree"), leaves)
    except git.GitError:
        raise Refusal(422, "base_tree is not a valid tree oid") from None
    entries = trees.listed(record.folder, sha, recursive=False)
    return Answer(body=_tree(call, record, sha, entries), status=201)


def _leaf(record: Repository, entry: dict[str, Any]) -> trees.Leaf:
    mode, path = entry.get("mode"), str(entry.get("path", ""))
    if mode not in MODES or entry.get("type") != "blob" or not path or path.startswith("/"):
        raise Refusal(422, "Must supply a valid tree.mode")
    if ("content" in entry) == ("sha" in entry):
        raise Refusal(422, "Must supply either tree.sha or tree.content.")
    content = entry.get("content")
    sha = entry["sha"] if content is None else trees.write_blob(record.folder, str(content).encode())
    return trees.Leaf(str(mode), str(sha))


def create_commit(call: Call) -> Answer:
    record, message = call.repository(), call.text("message")
    own = call.actor()
    parents = [str(each) for each in call.body.get("parents") or ()]
    if not all(git.has_commit(record.folder, each) for each in parents):
        raise Refusal(422, "Parent SHA does not exist or is not a commit object")
    author = f"{own.login} <{own.id}+{own.login}@users.noreply.example.com>"
    try:
        sha = trees.write_commit(
            record.folder,
            tree=call.text("tree"),
            parents=parents,
            message=message,
            author=author,
            when=call.state.clock(),
        )
    except git.GitError:
        raise Refusal(422, "Tree SHA does not exist") from None
    return Answer(body=commits.git_commit(call.hub.url, record, log.commit(record.folder, sha)), status=201)


def update_reference(call: Call) -> Answer:
    """Move a branch; without force only forward, and a protected one not at all."""
    record, name, sha = call.repository(), call.parameters["ref"], call.text("sha")
    branch = name.removeprefix("heads/")
    tip = git.branches(record.folder).get(branch)
    if tip is None or not name.startswith("heads/"):
        raise Refusal(422, "Reference does not exist")
    if not git.has_commit(record.folder, sha):
        raise Refusal(422, "Object does not exist")
    if branch in record.protected_branches:
        raise Refusal(422, f"Cannot update this protected ref: refs/{name}")
    if not call.body.get("force") and not git.is_ancestor(record.folder, tip, sha):
        raise Refusal(422, "Update is not a fast forward")
    git.set_ref(record.folder, f"refs/heads/{branch}", sha)
    pushes.branch_moved(call.state, call.hub, record, branch, call.actor())
    return Answer(body=commits.reference(call.hub.url, record, name, sha))


GIT = "/repos/{owner}/{repo}/git"
READ, WRITE = "contents:read", "contents:write"
ENDPOINTS = (
    Endpoint(method="GET", path=f"{GIT}/commits/{{commit_sha}}", answer=show_commit, permission=READ),
    Endpoint(method="GET", path=f"{GIT}/trees/{{tree_sha}}", answer=show_tree, permission=READ),
    Endpoint(method="POST", path=f"{GIT}/blobs", answer=create_blob, permission=WRITE),
    Endpoint(method="POST", path=f"{GIT}/trees", answer=create_tree, permission=WRITE),
    Endpoint(method="POST", path=f"{GIT}/commits", answer=create_commit, permission=WRITE),
    Endpoint(method="PATCH", path=f"{GIT}/refs/{{ref:path}}", answer=update_reference, permission=WRITE),
)
