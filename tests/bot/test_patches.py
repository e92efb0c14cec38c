from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.patch import CannotShow, patch, patch_block

LINES = st.lists(st.sampled_from(["a", "b", "", "  c", "-- d", "+++ e", "\\ f", "```"]), max_size=12)
TEXTS = st.tuples(LINES, st.booleans()).map(lambda given: "\n".join(given[0]) + ("\n" if given[1] else ""))


def applied(folder: Path, before: dict[str, str], text: str) -> dict[str, str]:
    for path, content in before.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    (folder / "change.patch").write_text(text)
    subprocess.run(["git", "apply", "--unidiff-zero", "change.patch"], cwd=folder, check=True)
    (folder / "change.patch").unlink()
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


@given(before=TEXTS.filter(bool), after=TEXTS.filter(bool))
def test_git_makes_of_it_what_was_meant(
    tmp_path_factory: pytest.TempPathFactory, before: str, after: str
) -> None:
    if before == after:
        assert patch({"a/b.py": before.encode()}, {"a/b.py": after.encode()}).count("\n") == 1
        return
    text = patch({"a/b.py": before.encode()}, {"a/b.py": after.encode(), "new.py": b"x\n"})
    found = applied(tmp_path_factory.mktemp("patch"), {"a/b.py": before}, text)
    assert found == {"a/b.py": after, "new.py": "x\n"}


def test_what_a_comment_would_change_is_not_shown() -> None:
    for text in ("x\u202ey\n", "x\r\n", "x\x00\n", "\u200b\n"):
        with pytest.raises(CannotShow, match="characters"):
            patch_block(patch({}, {"a.py": text.encode()}))
    with pytest.raises(CannotShow, match="UTF-8"):
        patch({"a.py": b"\xff"}, {"a.py": b"x\n"})
    with pytest.raises(CannotShow, match="longer"):
        patch_block("+" + "x" * 70_000)


def test_fences_in_the_code_do_not_end_the_block() -> None:
    block = patch_block(patch({}, {"a.py": b"```\n@everyone\n"}))
    assert block.count("````") == 2
