"""`/architect fix`: a commit where the App may, a patch where it may not; nothing lost, nothing twice."""

from __future__ import annotations

import html
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from bot.demo.github import git, log, trees
from bot.demo.github.actions import pushes
from bot.demo.github.faults import Fault
from tests.bot.commanding import (
    DELETING,
    FIXED,
    PUSHING,
    answers,
    change,
    conclusion,
    content,
    fingerprint,
    obey,
    pressed,
    reactions,
    remembering,
    replied,
    requested,
    said,
)
from tests.bot.reviewed import MAIN, SHADOWED, World, fence, world

pytestmark = pytest.mark.thorough


@pytest.fixture
def place(tmp_path: Path, redis: Redis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The App may push; the change has one safe fix."""
    with world(tmp_path, redis, permissions=PUSHING) as whole:
        made = remembering(whole, tmp_path_factory.getbasetemp())
        change(made, DELETING)
        made.review()
        yield made


@pytest.fixture
def reading(tmp_path: Path, redis: Redis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The App may not push."""
    with world(tmp_path, redis) as whole:
        made = remembering(whole, tmp_path_factory.getbasetemp())
        change(made, DELETING)
        made.review()
        yield made


def tip(place: World) -> log.Commit:
    return log.commit(place.repository.folder, "refs/heads/feature")


def test_safe_fixes_are_committed_on_the_head(place: World) -> None:
    before = place.pull.head_sha
    comment = said(place, "maintainer", "/architect fix")
    assert reactions(comment) == ["eyes", "rocket"]
    assert answers(place) == []
    assert content(place) == MAIN + FIXED
    assert tip(place).parents == (before,)
    assert place.pull.head_sha == tip(place).sha
    assert "Requested-by: maintainer" in tip(place).message
    assert "BA210" in tip(place).message
    place.review("push")
    assert conclusion(place) == "success"


def test_the_button_does_the_same(place: World) -> None:
    pressed(place, "maintainer", "fix")
    assert content(place) == MAIN + FIXED
    assert answers(place) == []


def test_asked_again_there_is_nothing_to_fix(place: World) -> None:
    said(place, "maintainer", "/architect fix")
    place.review("push")
    comment = said(place, "maintainer", "/architect fix")
    assert reactions(comment) == ["eyes", "confused"]
    assert answers(place)[0].startswith("There is no safe fix")


def test_tried_again_after_a_crash_it_is_not_done_twice(place: World) -> None:
    comment = place.github.person("maintainer").comment(place.pull, "/architect fix")
    request = requested(place, comment, "issue")
    first = place.pull.head_sha
    place.reviewer.command(request, fence(place))
    comment.reactions[:] = [held for held in comment.reactions if held.content != "rocket"]
    place.redis.flushdb()
    obey(place, request)
    assert reactions(comment) == ["eyes", "rocket"]
    assert tip(place).parents == (first,)


@pytest.mark.parametrize("path", ["/git/trees$", "/git/commits$", "/git/refs/heads/feature$"])
def test_a_lost_answer_leaves_one_commit(place: World, path: str) -> None:
    before = place.pull.head_sha
    place.github.faults.next("PATCH" if "refs" in path else "POST", path, Fault.DROP_AFTER)
    comment = said(place, "maintainer", "/architect fix")
    if "refs" not in path:
        comment = said(place, "maintainer", "/architect fix")
    assert reactions(comment)[-1] in ("rocket", "confused")
    assert content(place) == MAIN + FIXED
    assert tip(place).parents == (before,)


def test_a_suggested_fix_is_committed_for_whoever_names_it(place: World) -> None:
    change(place, SHADOWED)
    place.review("push")
    comment = said(place, "maintainer", "/architect fix")
    assert reactions(comment) == ["eyes", "confused"]
    comment = said(place, "maintainer", f"/architect fix {fingerprint(place)[:8]}")
    assert reactions(comment) == ["eyes", "rocket"]
    assert content(place).index("/items/latest") < content(place).index("/items/{item_id}")


def test_in_a_thread_its_finding_is_fixed(place: World) -> None:
    change(place, SHADOWED)
    place.review("push")
    comment = replied(place, "maintainer", "/architect fix")
    assert reactions(comment) == ["eyes", "rocket"]
    assert content(place).index("/items/latest") < content(place).index("/items/{item_id}")


@pytest.mark.parametrize("login", ["author", "reader"])
def test_only_who_may_write_may_fix(place: World, login: str) -> None:
    before = place.pull.head_sha
    comment = said(place, login, "/architect fix")
    assert reactions(comment) == ["eyes", "confused"]
    pressed(place, login, "fix")
    assert place.pull.head_sha == before
    assert [text.splitlines()[0] for text in answers(place)] == [
        "That needs write permission to this repository."
    ] * 2


def test_a_button_of_an_earlier_commit_does_nothing(place: World) -> None:
    run = place.check_runs()[-1]
    change(place, DELETING + "\n# more\n")
    before = place.pull.head_sha
    pressed(place, "maintainer", "fix", run)
    assert place.pull.head_sha == before
    assert answers(place)[0].startswith("That check run is of an earlier commit")


def test_an_executable_file_stays_one(place: World) -> None:
    folder = place.repository.folder
    blob = git.run(folder, "rev-parse", "refs/heads/feature:app/main.py").decode().strip()
    tree = trees.graft(folder, tip(place).tree, {"app/main.py": trees.Leaf("100755", blob)})
    sha = trees.write_commit(
        folder,
        tree=tree,
        parents=[tip(place).sha],
        message="mode",
        author="A <a@example.com>",
        when=place.github.state.clock(),
    )
    git.set_ref(folder, "refs/heads/feature", sha)
    with place.github.state.lock:
        person = place.github.state.user("author")
        pushes.branch_moved(place.github.state, place.github.hub, place.repository, "feature", person)
    said(place, "maintainer", "/architect fix")
    listed = git.run(folder, "ls-tree", "refs/heads/feature", "app/main.py").decode()
    assert listed.startswith("100755")
    assert content(place) == MAIN + FIXED


def patched(place: World, body: str, folder: Path) -> str:
    """The file after `git apply` of the patch in a comment."""
    found = re.search(r"```+diff\n(.*?)\n```+\n", body, re.DOTALL)
    assert found is not None
    (folder / "app").mkdir(parents=True)
    (folder / "app" / "main.py").write_text(content(place))
    (folder / "fix.patch").write_text(html.unescape(found.group(1)) + "\n")
    subprocess.run(["git", "apply", "fix.patch"], cwd=folder, check=True)
    return (folder / "app" / "main.py").read_text()


def test_without_the_permission_there_is_one_patch(reading: World, tmp_path: Path) -> None:
    before = reading.pull.head_sha
    comment = said(reading, "maintainer", "/architect fix")
    assert reactions(comment) == ["eyes", "rocket"]
    assert reading.pull.head_sha == before
    assert len(answers(reading)) == 1
    assert "contents: write" in answers(reading)[0].replace("\\", "")
    assert patched(reading, answers(reading)[0], tmp_path / "checkout") == MAIN + FIXED


def test_a_protected_branch_gets_a_patch(place: World, tmp_path: Path) -> None:
    place.repository.protected_branches.add("feature")
    before = place.pull.head_sha
    said(place, "maintainer", "/architect fix")
    assert place.pull.head_sha == before
    assert "protected" in answers(place)[0]
    assert patched(place, answers(place)[0], tmp_path / "checkout") == MAIN + FIXED
