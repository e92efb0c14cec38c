from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from bot.repository.git import Git, GitFailed, Remote
from bot.repository.mirror import CommitMissing, opened
from bot.repository.snapshot import Repositories, Revisions, Snapshot

AUTHOR = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}


class Origin:
    """A real repository that serves partial clones."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        for key in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
            self.git("config", key, "true")

    @property
    def remote(self) -> Remote:
        return Remote(self.folder.as_uri())

    def git(self, *arguments: str) -> str:
        environment = {**os.environ, **AUTHOR, "GIT_CONFIG_GLOBAL": os.devnull}
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, check=True)
        return done.stdout.decode().strip()

    def commit(self, files: dict[str, str | bytes | None]) -> str:
        for path, content in files.items():
            file = self.folder / path
            if content is None:
                file.unlink()
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "change")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    return Origin(tmp_path / "origin")


@pytest.fixture
def repositories(tmp_path: Path) -> Repositories:
    return Repositories(tmp_path / "mirrors")


def python(path: str) -> bool:
    return path.endswith(".py")


def take(repositories: Repositories, origin: Origin, base: str, head: str, known: str | None) -> Snapshot:
    revisions = Revisions(number=7, base=base, head=head)
    return repositories.take(1, origin.remote, revisions, interesting=python, merge_base=lambda: known)


def held_blobs(repositories: Repositories, origin: Origin) -> set[str]:
    git = Git(repositories.folder / "1.git", origin.remote)
    listed = git.run("cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname)")
    return {line.split()[1] for line in listed.decode().splitlines() if line.startswith("blob ")}


def test_both_sides_and_the_difference_are_read(origin: Origin, repositories: Repositories) -> None:
    base = origin.commit({"app/main.py": "a = 1\n", "app/old.py": "x\n" * 20, "logo.png": b"\x89PNG"})
    head = origin.commit({"app/main.py": "a = 2\n", "app/old.py": None, "app/new.py": "x\n" * 20})
    snapshot = take(repositories, origin, base, head, base)
    assert snapshot.base.contents == {"app/main.py": b"a = 1\n", "app/old.py": b"x\n" * 20}
    assert snapshot.head.contents == {"app/main.py": b"a = 2\n", "app/new.py": b"x\n" * 20}
    assert snapshot.changed == {"app/main.py", "app/new.py"}
    assert snapshot.renames == {"app/new.py": "app/old.py"}
    assert "-a = 1\n+a = 2\n" in snapshot.diff
    assert "rename from app/old.py" in snapshot.diff


def test_only_the_blobs_that_are_asked_for_are_fetched(origin: Origin, repositories: Repositories) -> None:
    base = origin.commit({"a.py": "a\n", "logo.png": b"\x89PNG", "data.csv": "1,2\n"})
    head = origin.commit({"a.py": "b\n", "data.csv": "3,4\n"})
    take(repositories, origin, base, head, base)
    wanted = {origin.git("rev-parse", f"{commit}:a.py") for commit in (base, head)}
    assert held_blobs(repositories, origin) == wanted


def test_a_second_push_adds_to_the_mirror(origin: Origin, repositories: Repositories) -> None:
    base = origin.commit({"a.py": "a\n"})
    first = origin.commit({"b.py": "b\n"})
    take(repositories, origin, base, first, base)
    second = origin.commit({"b.py": "c\n"})
    snapshot = take(repositories, origin, base, second, base)
    assert snapshot.head.contents == {"a.py": b"a\n", "b.py": b"c\n"}
    assert snapshot.head_sha == second


def test_links_and_submodules_are_left_out(origin: Origin, repositories: Repositories) -> None:
    base = origin.commit({"a.py": "a\n"})
    (origin.folder / "evil.py").symlink_to("/etc/passwd")
    origin.git("update-index", "--add", "--cacheinfo", f"160000,{base},module.py")
    origin.git("add", "evil.py")
    origin.git("commit", "--quiet", "--message", "link")
    head = origin.git("rev-parse", "HEAD")
    snapshot = take(repositories, origin, base, head, base)
    assert set(snapshot.head.contents) == {"a.py"}


def test_the_merge_base_is_found_by_deepening_where_the_host_knows_none(
    origin: Origin, repositories: Repositories
) -> None:
    fork = origin.commit({"a.py": "a\n"})
    origin.git("checkout", "--quiet", "-b", "feature")
    for number in range(12):
        head = origin.commit({"f.py": f"{number}\n"})
    origin.git("checkout", "--quiet", "main")
    for number in range(9):
        base = origin.commit({"m.py": f"{number}\n"})
    snapshot = take(repositories, origin, base, head, None)
    assert snapshot.merge_base == fork
    assert snapshot.changed == {"f.py"}


def test_histories_without_a_common_commit_are_compared_with_the_target(
    origin: Origin, repositories: Repositories
) -> None:
    base = origin.commit({"a.py": "a\n"})
    origin.git("checkout", "--quiet", "--orphan", "island")
    head = origin.commit({"a.py": "b\n"})
    assert take(repositories, origin, base, head, None).merge_base == base


def test_a_fork_is_read_through_the_pull_request_ref(origin: Origin, repositories: Repositories) -> None:
    base = origin.commit({"a.py": "a\n"})
    head = origin.commit({"a.py": "b\n"})
    origin.git("update-ref", "refs/pull/7/head", head)
    origin.git("reset", "--quiet", "--hard", base)
    origin.git("config", "uploadpack.allowAnySHA1InWant", "false")
    assert take(repositories, origin, base, head, base).head.contents == {"a.py": b"b\n"}


def test_a_head_that_was_pushed_over_is_named(origin: Origin, repositories: Repositories) -> None:
    base = origin.commit({"a.py": "a\n"})
    other = origin.commit({"a.py": "b\n"})
    origin.git("update-ref", "refs/pull/7/head", other)
    gone = "1" * 40
    with pytest.raises(CommitMissing, match=gone):
        take(repositories, origin, base, gone, base)


def test_a_large_file_is_named_and_the_others_are_read(origin: Origin, repositories: Repositories) -> None:
    base = origin.commit({"a.py": "a\n"})
    head = origin.commit({"big.py": "x = 1\n" * 400_000})
    snapshot = take(repositories, origin, base, head, base)
    assert set(snapshot.head.contents) == {"a.py"}
    assert [(file.path, file.reason) for file in snapshot.head.unread] == [("big.py", "larger than 2048 KiB")]
    assert snapshot.diff == ""


def test_names_that_look_like_options_or_patterns_are_names(
    origin: Origin, repositories: Repositories
) -> None:
    base = origin.commit({"a.py": "a\n"})
    head = origin.commit({"-rf.py": "1\n", ":(top)*.py": "2\n", 'q"uote\t.py': "3\n", "ü.py": "4\n"})
    snapshot = take(repositories, origin, base, head, base)
    assert snapshot.changed == {"-rf.py", ":(top)*.py", 'q"uote\t.py', "ü.py"}
    assert snapshot.diff.count("+++ ") == 4


def test_a_name_that_is_no_utf_8_is_named(origin: Origin, repositories: Repositories) -> None:
    base = origin.commit({"a.py": "a\n"})
    (origin.folder / os.fsdecode(b"caf\xe9.py")).write_bytes(b"x = 1\n")
    head = origin.commit({})
    snapshot = take(repositories, origin, base, head, base)
    assert set(snapshot.head.contents) == {"a.py"}
    assert [(file.path, file.reason) for file in snapshot.head.unread] == [
        ("caf\ufffd.py", "its name is not UTF-8")
    ]


def test_a_malformed_commit_is_refused_by_name(origin: Origin, repositories: Repositories) -> None:
    base = origin.commit({"a.py": "a\n"})
    tree = origin.git("rev-parse", f"{base}^{{tree}}")
    crooked = f"tree {tree}\nparent {base}\nauthor Ada<a@b>1 +0\ncommitter Ada <a@b> 1 +0000\n\nx\n"
    (origin.folder / ".git/crooked").write_text(crooked)
    head = origin.git("hash-object", "-t", "commit", "-w", "--literally", ".git/crooked")
    with pytest.raises(GitFailed, match="missingSpaceBeforeEmail"):
        take(repositories, origin, base, head, base)


def test_a_mirror_with_leftovers_of_a_killed_fetch_is_used_again(
    origin: Origin, repositories: Repositories
) -> None:
    base = origin.commit({"a.py": "a\n"})
    take(repositories, origin, base, base, base)
    mirror = repositories.folder / "1.git"
    (mirror / "shallow.lock").touch()
    (mirror / "refs/architect/7/head.lock").touch()
    head = origin.commit({"a.py": "b\n"})
    assert take(repositories, origin, base, head, base).head.contents == {"a.py": b"b\n"}


def test_a_damaged_mirror_is_thrown_away_and_made_again(origin: Origin, repositories: Repositories) -> None:
    base = origin.commit({"a.py": "a\n"})
    take(repositories, origin, base, base, base)
    for pack in (repositories.folder / "1.git/objects").rglob("*"):
        if pack.is_file():
            pack.chmod(0o644)
            pack.write_bytes(b"")
    head = origin.commit({"a.py": "b\n"})
    with pytest.raises(GitFailed):
        take(repositories, origin, base, head, base)
    assert take(repositories, origin, base, head, base).head.contents == {"a.py": b"b\n"}


def test_a_closed_pull_request_is_let_go(origin: Origin, repositories: Repositories) -> None:
    base = origin.commit({"a.py": "a\n"})
    take(repositories, origin, base, base, base)
    repositories.forget(1, 7)
    with opened(repositories.folder, 1, origin.remote) as mirror:
        assert not mirror.has(base)


def test_git_reads_no_configuration_but_ours_and_shows_no_token(tmp_path: Path) -> None:
    remote = Remote("https://127.0.0.1:9/o/n.git", "ghs_SECRETSECRET")
    assert "SECRET" not in repr(remote)
    with opened(tmp_path / "mirrors", 1, remote) as mirror:
        listed = mirror.git.run("config", "--list", "--show-scope").decode()
        assert not any(line.startswith(("global", "system")) for line in listed.splitlines())
        with pytest.raises(GitFailed) as failed:
            mirror.fetch_commit("1" * 40, "1/head")
    assert "SECRET" not in str(failed.value)
    written = [file.read_bytes() for file in (tmp_path / "mirrors").rglob("*") if file.is_file()]
    assert written
    assert not any(b"SECRET" in content for content in written)
