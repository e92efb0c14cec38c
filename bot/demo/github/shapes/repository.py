"""Repositories as GitHub's JSON."""

from __future__ import annotations

from typing import Any

from bot.demo.github.repository import Repository
from bot.demo.github.shapes.accounts import api, node_id, timestamp, user

PLACES = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}
COUNTS = (
    "forks_count",
    "stargazers_count",
    "watchers_count",
    "size",
    "open_issues_count",
    "forks",
    "open_issues",
    "watchers",
)


def repository_url(url: str, record: Repository) -> str:
    return f"{api(url)}/repos/{record.full_name}"


def html_url(url: str, record: Repository) -> str:
    return f"{url}/{record.full_name}"


def repository(url: str, record: Repository) -> dict[str, Any]:
    """A repository as it appears inside other objects."""
    own = repository_url(url, record)
    page = html_url(url, record)
    created = timestamp(record.created_at)
    return {
        "id": record.id,
        "node_id": node_id("R", record.id),
        "name": record.name,
        "full_name": record.full_name,
        "private": False,
        "owner": user(url, record.owner),
        "html_url": page,
        "description": None,
        "fork": record.parent is not None,
        "url": own,
        **{name: own + place for name, place in PLACES.items()},
        **dict.fromkeys(COUNTS, 0),
        "git_url": page.replace("http:", "git:") + ".git",
        "ssh_url": f"git@localhost:{record.full_name}.git",
        "clone_url": f"{page}.git",
        "svn_url": page,
        "mirror_url": None,
        "homepage": None,
        "language": "Python",
        "default_branch": record.default_branch,
        **_features(),
        "visibility": "public",
        "topics": [],
        "license": None,
        "pushed_at": created,
        "created_at": created,
        "updated_at": created,
    }


def _features() -> dict[str, bool]:
    return {
        "has_issues": True,
        "has_projects": False,
        "has_wiki": False,
        "has_pages": False,
        "has_downloads": True,
        "has_discussions": False,
        "archived": False,
        "disabled": False,
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
    }


def full_repository(url: str, record: Repository) -> dict[str, Any]:
    """A repository as its own endpoint shows it."""
    fork = (
        {}
        if record.parent is None
        else {
            "parent": repository(url, record.parent),
            "source": repository(url, record.parent),
        }
    )
    return {**repository(url, record), "subscribers_count": 0, "network_count": 0, **fork}
