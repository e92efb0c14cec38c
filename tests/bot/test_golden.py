"""The demo's pages as golden files, to be read by people; `make golden` writes them anew."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import rules
from bot.demo import sample
from bot.demo.sample import Stage
from bot.judgement import judge
from bot.posts import PostPlan, Shown, plan
from bot.render.place import CodePage
from bot.repository.blobs import Files
from bot.repository.snapshot import Snapshot
from tests.bot.rendering import OF_OURS, Rendered, harmless

GOLDEN = Path(__file__).parents[1] / "golden"
PAGE = CodePage("https://github.com/octo-org/notebook", "0123456789abcdef0123456789abcdef01234567")


def difference(base: Mapping[str, bytes], head: Mapping[str, bytes]) -> Iterator[str]:
    for path in sorted(base.keys() | head.keys()):
        before, after = (tree.get(path, b"").decode().splitlines(keepends=True) for tree in (base, head))
        if before != after:
            source = f"a/{path}" if path in base else "/dev/null"
            target = f"b/{path}" if path in head else "/dev/null"
            yield from difflib.unified_diff(before, after, source, target)


@functools.cache
def posted(stage: Stage) -> PostPlan:
    """What is posted on the first review of a pull request that brings the sample to a stage."""
    base, head = sample.tree(Stage.BASE), sample.tree(stage)
    snapshot = Snapshot(
        merge_base="b" * 40,
        head_sha=PAGE.sha,
        base=Files(base),
        head=Files(head),
        diff="".join(difference(base, head)),
        changed=frozenset(path for path in head if head[path] != base.get(path)),
        renames={},
    )
    judgement = judge(snapshot, rules.NoCache())
    report = dataclasses.replace(judgement.report, seconds=1.5)
    return plan(report, Shown(), PAGE, key="demo", budget=judgement.budget)


def summary_page(stage: Stage) -> str:
    """Title and summary; how many rules there are is no business of this page."""
    output = posted(stage).output
    return re.sub(r"\b\d+ rules\b", "all rules", f"# {output.title}\n\n{output.summary}\n")


def comments_page(stage: Stage) -> str:
    todo = posted(stage)
    drafts = todo.review.comments if todo.review else ()
    parts = [todo.review.body if todo.review else "No review."]
    parts += [
        f"---\n\n`{each.path}`, lines {each.start_line or each.line} to {each.line}\n\n{each.body}"
        for each in drafts
    ]
    parts += [f"---\n\n`{each.path}`, the whole file\n\n{each.body}" for each in todo.file_comments]
    return "\n\n".join(parts) + "\n"


PAGES = {
    "demo-summary.md": (summary_page, Stage.CHANGE),
    "demo-comments.md": (comments_page, Stage.CHANGE),
    "demo-repaired-summary.md": (summary_page, Stage.FIX),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_demo_reads_as_the_golden_page(name: str) -> None:
    make, stage = PAGES[name]
    page = make(stage)
    if os.environ.get("GOLDEN") == "write":
        (GOLDEN / name).write_text(page, encoding="utf-8")
    assert page == (GOLDEN / name).read_text(encoding="utf-8"), "read the change, then: make golden"


@pytest.mark.parametrize("name", PAGES)
def test_a_golden_page_renders_as_meant(name: str) -> None:
    rendered = Rendered((GOLDEN / name).read_text(encoding="utf-8"))
    assert rendered.tags <= OF_OURS | {"h1", "hr", "em"}
    own = (f"{PAGE.repository_url}/blob/{PAGE.sha}/", f"{PAGE.rules_url}#")
    assert all(link.startswith(own) for link in rendered.links)
    assert harmless(rendered)


def test_no_golden_page_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(PAGES)
