from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.patch import parse, parse_file

DIFF = """\
diff --git a/app/main.py b/app/main.py
index 1111111..2222222 100644
--- a/app/main.py
+++ b/app/main.py
@@ -1,6 +1,6 @@
 one
 two
-three
+THREE
 four
 five
 six
@@ -20,5 +20,4 @@ def f():
 twenty
 twenty-one
-twenty-two
 twenty-three
 twenty-four
diff --git a/gone.py b/gone.py
deleted file mode 100644
index 3333333..0000000
--- a/gone.py
+++ /dev/null
@@ -1,2 +0,0 @@
-x
-y
diff --git a/old.py b/new.py
similarity index 100%
rename from old.py
rename to new.py
diff --git "a/t\\tab\\303\\274.py" "b/t\\tab\\303\\274.py"
new file mode 100644
index 0000000..4444444
--- /dev/null
+++ "b/t\\tab\\303\\274.py"
@@ -0,0 +1 @@
+x
\\ No newline at end of file
"""


def test_context_and_added_lines_carry_comments_and_no_others() -> None:
    patch = parse(DIFF)
    carried = {line for line in range(1, 40) if patch.hunk("app/main.py", line, line)}
    assert carried == {*range(1, 7), *range(20, 24)}


def test_a_comment_never_spans_two_hunks() -> None:
    patch = parse(DIFF)
    assert patch.hunk("app/main.py", 1, 6) is not None
    assert patch.hunk("app/main.py", 6, 20) is None
    assert patch.hunk("app/main.py", 5, 4) is None


def test_a_suggestion_never_spans_removed_lines() -> None:
    hunk = parse(DIFF).files["app/main.py"].hunks[1]
    assert hunk.cuts == {22}
    assert hunk.intact(20, 21)
    assert hunk.intact(22, 23)
    assert not hunk.intact(21, 22)


def test_only_removed_lines_are_commentable_on_the_left() -> None:
    patched = parse(DIFF).files["app/main.py"]
    assert [line for line in range(1, 40) if patched.left_hunk(line)] == [3, 22]


def test_names_of_renamed_deleted_and_quoted_files() -> None:
    patch = parse(DIFF)
    assert set(patch.files) == {"app/main.py", "gone.py", "new.py", "t\tabü.py"}
    assert patch.files["new.py"].source == "old.py"
    assert patch.hunk("gone.py", 1, 1) is None


def test_the_hunks_of_one_file_as_the_api_gives_them() -> None:
    patched = parse_file("a b.py", "@@ -1,2 +1,2 @@\n-x\n+y\n z")
    assert patched.path == "a b.py"
    assert patched.hunk(1, 2) is not None
    assert patched.hunk(2, 3) is None


def test_something_else_is_no_diff() -> None:
    with pytest.raises(ValueError, match="not a unified diff"):
        parse("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n y\n")


LINES = st.lists(st.sampled_from(["a", "b", "c", "-- x", "++ y", "", "@@ -1 +1 @@"]), max_size=25)


@given(LINES, LINES)
def test_every_line_that_differs_is_commentable(before: list[str], after: list[str]) -> None:
    old, new = [f"{line}\n" for line in before], [f"{line}\n" for line in after]
    patched = parse("".join(difflib.unified_diff(old, new, "a/f.py", "b/f.py"))).files.get("f.py")
    hunks = patched.hunks if patched else ()
    matcher = difflib.SequenceMatcher(None, old, new)
    changed = {
        line + 1
        for kind, _, _, first, last in matcher.get_opcodes()
        if kind in {"replace", "insert"}
        for line in range(first, last)
    }
    assert {line for hunk in hunks for line in hunk.added} == changed
    assert all(line in hunk.right for hunk in hunks for line in hunk.added | hunk.cuts)
