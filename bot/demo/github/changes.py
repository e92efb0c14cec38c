"""What a pull request changes: its merge base, commits and files, as git has them now."""

from __future__ import annotations

import functools
from pathlib import Path

from bot.demo.github import diff, git, log
from bot.demo.github.pull_request import PullRequest


def merge_base(pull: PullRequest) -> str:
    return _merge_base(pull.repository.folder, pull.base_sha, pull.head_sha)


def commits(pull: PullRequest) -> tuple[log.Commit, ...]:
    """The commits of the pull request, oldest first, at most 250."""
    return _commits(pull.repository.folder, pull.base_sha, pull.head_sha)


def files(pull: PullRequest) -> tuple[diff.FileDiff, ...]:
    """The changed files against the merge base, as the page and the API show them."""
    return files_at(pull, pull.head_sha)


def files_at(pull: PullRequest, sha: str) -> tuple[diff.FileDiff, ...]:
    """The changed files as they were when `sha` was the head."""
    folder = pull.repository.folder
    return _files(folder, _merge_base(folder, pull.base_sha, sha), sha)


def contains(pull: PullRequest, sha: str) -> bool:
    """Whether `sha` is a commit of the pull request."""
    return any(commit.sha == sha for commit in commits(pull))


@functools.lru_cache(maxsize=256)
def _merge_base(folder: Path, base: str, head: str) -> str:
    return git.merge_base(folder, base, head)


@functools.lru_cache(maxsize=256)
def _commits(folder: Path, base: str, head: str) -> tuple[log.Commit, ...]:
    return tuple(log.commits(folder, f"{base}..{head}"))


@functools.lru_cache(maxsize=256)
def _files(folder: Path, old: str, new: str) -> tuple[diff.FileDiff, ...]:
    return diff.between(folder, old, new)
