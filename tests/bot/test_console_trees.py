from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from bot.console.base_tree import read_base
from bot.console.failure import CommandFailure
from bot.console.working_tree import MAXIMUM_BYTES, read_tree

ISOLATED = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com",
}


def git(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, **ISOLATED}
    answer = subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return answer.stdout.strip()


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def commit(folder: Path, files: dict[str, bytes], message: str = "change") -> str:
    write(folder, files)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, {"app/main.py": b"first\n", "app/gone.py": b"gone\n", "README.md": b"words\n"})
    return folder


def python(path: str) -> bool:
    return path.endswith(".py")


def test_the_working_tree_is_what_git_would_commit(repository: Path) -> None:
    write(
        repository,
        {
            ".gitignore": b"ignored/\n",
            "ignored/a.py": b"no\n",
            "new.py": b"new\n",
            "app/main.py": b"edited\n",
            "app/na\xc3\xafve name.py".encode().decode("latin-1"): b"odd\n",
        },
    )
    (repository / "app/gone.py").unlink()
    (repository / "link.py").symlink_to("new.py")
    tree = read_tree(repository, python)
    odd = {name: content for name, content in tree.items() if name not in {"app/main.py", "new.py"}}
    assert (tree["app/main.py"], tree["new.py"]) == (b"edited\n", b"new\n")
    assert list(odd.values()) == [b"odd\n"]


def test_a_folder_of_a_repository_is_read_relative_to_itself(repository: Path) -> None:
    assert read_tree(repository / "app", python) == {"main.py": b"first\n", "gone.py": b"gone\n"}
    assert read_base(repository / "app", "main", python) == {"main.py": b"first\n", "gone.py": b"gone\n"}


def test_without_git_environments_and_caches_are_left_out(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "app/main.py": b"x\n",
            "env/pyvenv.cfg": b"",
            "env/lib/site.py": b"no\n",
            "node_modules/a.py": b"no\n",
            "notes.txt": b"no\n",
        },
    )
    os.mkfifo(tmp_path / "pipe.py")
    assert read_tree(tmp_path, python) == {"app/main.py": b"x\n"}


def test_a_huge_file_is_read_in_part(tmp_path: Path) -> None:
    write(tmp_path, {"huge.py": b"#" * (3 * MAXIMUM_BYTES)})
    assert len(read_tree(tmp_path, python)["huge.py"]) == MAXIMUM_BYTES


@pytest.mark.parametrize("name", ["absent", "file.py"])
def test_a_path_that_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"file.py": b""})
    with pytest.raises(CommandFailure, match="is not a folder"):
        read_tree(tmp_path / name, python)


def test_the_base_is_the_merge_base_not_the_tip(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "-b", "feature")
    commit(repository, {"app/main.py": b"feature\n"})
    git(repository, "checkout", "--quiet", "main")
    commit(repository, {"app/main.py": b"main moved on\n"})
    git(repository, "checkout", "--quiet", "feature")
    write(repository, {"app/main.py": b"uncommitted\n"})
    base = read_base(repository, "main", python)
    assert base == {"app/main.py": b"first\n", "app/gone.py": b"gone\n"}
    assert read_tree(repository, python)["app/main.py"] == b"uncommitted\n"


def test_links_large_and_empty_files_of_the_base(repository: Path) -> None:
    (repository / "link.py").symlink_to("app/main.py")
    commit(repository, {"empty.py": b"", "huge.py": b"#" * (2 * MAXIMUM_BYTES), "last.py": b"last"})
    base = read_base(repository, "main", python)
    assert {name: len(content) for name, content in base.items()} == {
        "app/gone.py": 5,
        "app/main.py": 6,
        "empty.py": 0,
        "huge.py": MAXIMUM_BYTES,
        "last.py": 4,
    }


def test_a_folder_that_the_base_lacks_is_empty_there(repository: Path) -> None:
    write(repository, {"added/new.py": b"new\n"})
    assert read_base(repository / "added", "main", python) == {}


@pytest.mark.parametrize("revision", ["nowhere", "-x", "--help", "HEAD:README.md", ""])
def test_an_unknown_revision_is_named(repository: Path, revision: str) -> None:
    with pytest.raises(CommandFailure, match="is no commit of this repository; fetch it"):
        read_base(repository, revision, python)


def test_unrelated_histories_are_named(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "--orphan", "other")
    commit(repository, {"other.py": b""})
    with pytest.raises(CommandFailure, match="no common commit here"):
        read_base(repository, "main", python)


def test_a_base_needs_a_repository(tmp_path: Path) -> None:
    with pytest.raises(CommandFailure, match="not in a git repository; --base needs one"):
        read_base(tmp_path, "main", python)
    with pytest.raises(CommandFailure, match="is not a folder"):
        read_base(tmp_path / "absent" / "deeper", "main", python)
