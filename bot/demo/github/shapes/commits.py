"""Commits, comparisons, branches and contents as GitHub's JSON."""

from __future__ import annotations

import base64
from typing import Any

from bot.demo.github import log
from bot.demo.github.repository import Repository
from bot.demo.github.shapes.accounts import node_id
from bot.demo.github.shapes.repository import html_url, repository_url

UNSIGNED = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def commit(url: str, repository: Repository, record: log.Commit) -> dict[str, Any]:
    base, page = repository_url(url, repository), html_url(url, repository)
    own = f"{base}/commits/{record.sha}"
    return {
        "sha": record.sha,
        "node_id": node_id("C", int(record.sha[:8], 16)),
        "url": own,
        "html_url": f"{page}/commit/{record.sha}",
        "comments_url": f"{own}/comments",
        "commit": {
            "url": f"{base}/git/commits/{record.sha}",
            "author": _person(record.author),
            "committer": _person(record.committer),
            "message": record.message,
            "tree": {"sha": record.tree, "url": f"{base}/git/trees/{record.tree}"},
            "comment_count": 0,
            "verification": dict(UNSIGNED),
        },
        "author": None,
        "committer": None,
        "parents": [
            {"sha": sha, "url": f"{base}/commits/{sha}", "html_url": f"{page}/commit/{sha}"}
            for sha in record.parents
        ],
    }


def git_commit(url: str, repository: Repository, record: log.Commit) -> dict[str, Any]:
    """A commit as the git database shows it."""
    whole = commit(url, repository, record)
    inner = whole["commit"]
    return {
        **{name: whole[name] for name in ("sha", "node_id", "html_url", "parents")},
        **{name: inner[name] for name in ("author", "committer", "message", "tree", "url", "verification")},
    }


def _person(person: log.Person) -> dict[str, Any]:
    return {"name": person.name, "email": person.email, "date": person.date.replace("+00:00", "Z")}


def branch(url: str, repository: Repository, name: str, tip: log.Commit) -> dict[str, Any]:
    own = f"{repository_url(url, repository)}/branches/{name}"
    return {
        "name": name,
        "commit": commit(url, repository, tip),
        "_links": {"self": own, "html": f"{html_url(url, repository)}/tree/{name}"},
        "protected": False,
        "protection": {
            "enabled": False,
            "required_status_checks": {"enforcement_level": "off", "contexts": [], "checks": []},
        },
        "protection_url": f"{own}/protection",
    }


def reference(url: str, repository: Repository, name: str, sha: str) -> dict[str, Any]:
    base = repository_url(url, repository)
    return {
        "ref": f"refs/{name}",
        "node_id": node_id("REF", int(sha[:8], 16)),
        "url": f"{base}/git/refs/{name}",
        "object": {"type": "commit", "sha": sha, "url": f"{base}/git/commits/{sha}"},
    }


def entry(url: str, repository: Repository, path: str, kind: str, sha: str, revision: str) -> dict[str, Any]:
    """One entry of a folder's contents; `kind` is git's (`blob`, `tree`)."""
    base, page = repository_url(url, repository), html_url(url, repository)
    own = f"{base}/contents/{path}?ref={revision}"
    is_file = kind == "blob"
    addresses = {
        "git": f"{base}/git/{kind}s/{sha}",
        "html": f"{page}/{kind}/{revision}/{path}",
        "self": own,
    }
    return {
        "type": "file" if is_file else "dir",
        "name": path.rsplit("/", 1)[-1],
        "path": path,
        "sha": sha,
        "size": 0,
        "url": own,
        "git_url": addresses["git"],
        "html_url": addresses["html"],
        "download_url": f"{page}/raw/{revision}/{path}" if is_file else None,
        "_links": addresses,
    }


def file(
    url: str, repository: Repository, path: str, sha: str, revision: str, content: bytes
) -> dict[str, Any]:
    encoded = base64.encodebytes(content).decode()
    whole = entry(url, repository, path, "blob", sha, revision)
    return {**whole, "size": len(content), "encoding": "base64", "content": encoded}
