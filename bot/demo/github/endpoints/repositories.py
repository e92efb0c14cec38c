"""REST operations on a repository: itself, its people, its commits, branches and contents."""

from __future__ import annotations

from typing import Any

from bot.demo.github import diff, git, log
from bot.demo.github.call import Answer, Call, Endpoint, paged
from bot.demo.github.refusal import Refusal, not_found
from bot.demo.github.repository import Repository
from bot.demo.github.shapes import accounts, commits, pulls, repository

LEGACY_PERMISSION = {"triage": "read", "maintain": "write"}


def show_repository(call: Call) -> Answer:
    return Answer(body=repository.full_repository(call.hub.url, call.repository()))


def show_permission(call: Call) -> Answer:
    """`permission` is the legacy form, in which maintain is write and triage is read."""
    record = call.repository()
    login = call.parameters["username"]
    user = call.state.users.get(login)
    if user is None:
        raise Refusal(404, f"{login} is not a user")
    role = "admin" if user is record.owner else record.roles.get(login, "read")
    shown = {**accounts.user(call.hub.url, user), "role_name": role, "permissions": _levels(role)}
    return Answer(body={"permission": LEGACY_PERMISSION.get(role, role), "role_name": role, "user": shown})


def _levels(role: str) -> dict[str, bool]:
    order = ("read", "triage", "write", "maintain", "admin")
    reached = order.index(role) if role in order else -1
    names = ("pull", "triage", "push", "maintain", "admin")
    return {name: place <= reached for place, name in enumerate(names)}


def _commit(record: Repository, revision: str) -> log.Commit:
    try:
        return log.commit(record.folder, revision)
    except git.GitError:
        raise Refusal(422, f"No commit found for SHA: {revision}") from None


def show_commit(call: Call) -> Answer:
    record = call.repository()
    found = _commit(record, call.parameters["ref"])
    return Answer(body=commits.commit(call.hub.url, record, found))


def list_pulls_of_commit(call: Call) -> Answer:
    """The pull requests of the repository that contain the commit; also those of forks."""
    record = call.repository()
    sha = _commit(record, call.parameters["sha"]).sha
    found = [
        pull
        for pull in call.state.pulls_of(record)
        if pull.head_sha == sha
        or (
            git.has_commit(record.folder, sha)
            and git.merge_base(record.folder, sha, pull.head_sha) == sha
            and git.merge_base(record.folder, sha, pull.base_sha) != sha
        )
    ]
    return paged(call, found, lambda pull: pulls.simple(call.hub.url, pull))


def compare(call: Call) -> Answer:
    record = call.repository()
    base_name, separator, head_name = call.parameters["basehead"].partition("...")
    if not separator:
        raise not_found()
    try:
        base, head = (log.commit(record.folder, name.split(":")[-1]) for name in (base_name, head_name))
    except git.GitError:
        raise not_found() from None
    return Answer(body=_comparison(call.hub.url, record, base, head))


def _comparison(url: str, record: Repository, base: log.Commit, head: log.Commit) -> dict[str, Any]:
    meeting = log.commit(record.folder, git.merge_base(record.folder, base.sha, head.sha))
    ahead = log.commits(record.folder, f"{base.sha}..{head.sha}")
    behind = log.commits(record.folder, f"{head.sha}..{base.sha}")
    states = {
        (False, False): "identical",
        (True, False): "ahead",
        (False, True): "behind",
        (True, True): "diverged",
    }
    page = f"{repository.html_url(url, record)}/compare/{base.sha}...{head.sha}"
    return {
        "url": f"{repository.repository_url(url, record)}/compare/{base.sha}...{head.sha}",
        "html_url": page,
        "permalink_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "base_commit": commits.commit(url, record, base),
        "merge_base_commit": commits.commit(url, record, meeting),
        "status": states[bool(ahead), bool(behind)],
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [commits.commit(url, record, each) for each in ahead],
        "files": [
            _changed(url, record, head.sha, each)
            for each in diff.between(record.folder, meeting.sha, head.sha)
        ],
    }


def _changed(url: str, record: Repository, sha: str, file: diff.FileDiff) -> dict[str, Any]:
    page = repository.html_url(url, record)
    previous = {} if file.previous_path is None else {"previous_filename": file.previous_path}
    return {
        "sha": file.sha,
        "filename": file.path,
        "status": file.status,
        "additions": file.additions,
        "deletions": file.deletions,
        "changes": file.additions + file.deletions,
        "blob_url": f"{page}/blob/{sha}/{file.path}",
        "raw_url": f"{page}/raw/{sha}/{file.path}",
        "contents_url": f"{repository.repository_url(url, record)}/contents/{file.path}?ref={sha}",
        "patch": file.patch,
        **previous,
    }


def show_branch(call: Call) -> Answer:
    record, name = call.repository(), call.parameters["branch"]
    sha = git.branches(record.folder).get(name)
    if sha is None:
        raise Refusal(404, "Branch not found")
    return Answer(body=commits.branch(call.hub.url, record, name, log.commit(record.folder, sha)))


def show_rules(call: Call) -> Answer:
    """The rules that are active on a branch; there is at most one ruleset, for every branch."""
    record = call.repository()
    if not record.required_checks:
        return Answer(body=[])
    checks = [
        {"context": name, **({} if app is None else {"integration_id": app})}
        for name, app in record.required_checks
    ]
    parameters = {"required_status_checks": checks, "strict_required_status_checks_policy": False}
    source = {
        "ruleset_source_type": "Repository",
        "ruleset_source": record.full_name,
        "ruleset_id": record.id,
    }
    return Answer(body=[{"type": "required_status_checks", "parameters": parameters, **source}])


def show_reference(call: Call) -> Answer:
    record, name = call.repository(), call.parameters["ref"]
    try:
        sha = git.resolve(record.folder, f"refs/{name}")
    except git.GitError:
        raise not_found() from None
    return Answer(body=commits.reference(call.hub.url, record, name, sha))


def show_contents(call: Call) -> Answer:
    record, path = call.repository(), call.parameters["path"].strip("/")
    revision = call.query.get("ref", record.default_branch)
    folder, _, name = path.rpartition("/")
    try:
        siblings = {entry[2]: entry for entry in git.tree(record.folder, revision, folder)}
        if not path:
            return Answer(body=_listing(call, record, "", revision))
        kind, sha, _ = siblings[name]
        if kind == "tree":
            return Answer(body=_listing(call, record, path, revision))
        content = git.blob(record.folder, revision, path)
    except (git.GitError, KeyError):
        raise not_found() from None
    return Answer(body=commits.file(call.hub.url, record, path, sha, revision, content))


def _listing(call: Call, record: Repository, path: str, revision: str) -> list[dict[str, Any]]:
    prefix = f"{path}/" if path else ""
    return [
        commits.entry(call.hub.url, record, prefix + name, kind, sha, revision)
        for kind, sha, name in git.tree(record.folder, revision, path)
    ]


REPOSITORY = "/repos/{owner}/{repo}"
ENDPOINTS = (
    Endpoint(method="GET", path=REPOSITORY, answer=show_repository, permission="metadata:read"),
    Endpoint(
        method="GET",
        path=f"{REPOSITORY}/collaborators/{{username}}/permission",
        answer=show_permission,
        permission="metadata:read",
    ),
    Endpoint(
        method="GET",
        path=f"{REPOSITORY}/commits/{{sha}}/pulls",
        answer=list_pulls_of_commit,
        permission="pull_requests:read",
    ),
    Endpoint(
        method="GET", path=f"{REPOSITORY}/commits/{{ref}}", answer=show_commit, permission="contents:read"
    ),
    Endpoint(
        method="GET",
        path=f"{REPOSITORY}/compare/{{basehead:path}}",
        answer=compare,
        permission="contents:read",
    ),
    Endpoint(
        method="GET",
        path=f"{REPOSITORY}/branches/{{branch:path}}",
        answer=show_branch,
        permission="contents:read",
    ),
    Endpoint(
        method="GET",
        path=f"{REPOSITORY}/rules/branches/{{branch:path}}",
        answer=show_rules,
        permission="metadata:read",
    ),
    Endpoint(
        method="GET",
        path=f"{REPOSITORY}/git/ref/{{ref:path}}",
        answer=show_reference,
        permission="contents:read",
    ),
    Endpoint(
        method="GET",
        path=f"{REPOSITORY}/contents/{{path:path}}",
        answer=show_contents,
        permission="contents:read",
    ),
)
