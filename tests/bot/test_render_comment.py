"""Comments on lines and at files: what they tell, the repairs that they show, and that names do nothing."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest

from bot.placement import AtFile, Inline
from bot.render.comment import LONGEST_COMMENT, file_comment, inline_comment, review_body
from bot.render.markers import marked
from bot.slash_commands import command_line
from rules.finding import Edit, Fix, Safety
from tests.bot.rendering import HOSTILE, OF_OURS, Rendered, harmless
from tests.bot.reported import PAGE, RULES, SHOP, finding, hostile_report, mended

HEADING = (
    f"**[BA305 unscoped-object-access](<{RULES}#ba305-unscoped-object-access>)** · critical, high confidence"
)


def suggested(replacement: str, fix: Fix | None = None) -> str:
    mending = fix or mended(replacement)
    item = Inline(finding=finding(fix=mending), first=41, last=41, suggestion=mending.edits[0])
    return inline_comment(item, PAGE)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_do_nothing(text: str) -> None:
    report = hostile_report(text)
    for body in (inline_comment(report.inline[0], PAGE), file_comment(report.at_files[0], PAGE)):
        rendered = Rendered(body)
        assert rendered.tags <= OF_OURS
        assert all(link.startswith((f"{SHOP}/blob/", f"{RULES}#")) for link in rendered.links)
        assert harmless(rendered)
        assert marked(body, "finding") == ("f1", "f1")
        assert not set("\u202e\u2066\x00\x1b") & set(body)


@pytest.mark.parametrize("text", HOSTILE)
def test_our_own_words_are_no_command_of_ours(text: str) -> None:
    report = hostile_report(text)
    bodies = (
        inline_comment(report.inline[0], PAGE),
        file_comment(report.at_files[0], PAGE),
        review_body(1, 2, text),
    )
    assert [command_line(body) for body in bodies] == [None] * 3


def test_a_comment_tells_what_why_the_proof_and_how_to_mend() -> None:
    replacement = "    statement = select(Item).where(Item.owner_id == user.id)\n"
    body = suggested(replacement)
    assert body.startswith(f"{HEADING}\n\n`read_item` returns any user's row; filter by `owner_id`.\n\n")
    assert "\n\nWhy it matters: Keys can be guessed" in body
    assert f"1. [`app/crud.py:12`](<{SHOP}/blob/{'a' * 40}/app/crud.py#L12>) the query" in body
    assert "Looked for and not found: owner filter" in body
    assert f"```suggestion\n{replacement}```" in body
    assert "CWE-639, OWASP API1" in body
    assert "Finding `f1`. If it is meant to be so, answer `/architect ignore because …`" in body
    assert body.endswith("\n\n<!-- backend-architect:v1 finding=f1 -->")


def test_a_fix_that_was_not_proved_is_not_shown() -> None:
    unproved = msgspec.structs.replace(mended("x = 1\n"), proved=False)
    body = suggested("", unproved)
    assert "suggestion" not in body
    assert "Filter by owner" not in body


def test_a_suggestion_with_backticks_has_a_longer_fence() -> None:
    replacement = 'x = """\n```\n"""\n'
    assert f"````suggestion\n{replacement}````" in suggested(replacement)


def test_a_file_to_create_is_shown_whole_and_folded() -> None:
    edit = Edit("alembic/versions/1a2b_models.py", 1, 0, 'op.add_column("item")\n')
    fixed = finding(fix=Fix("Add the revision `1a2b`", Safety.SUGGEST, (edit,), proved=True))
    body = inline_comment(Inline(finding=fixed, first=41, last=41), PAGE)
    assert "`alembic/versions/1a2b_models.py`" in body
    assert f"```python\n{edit.replacement}```" in body
    assert body.index("<details>") < body.index("```python") < body.index("</details>")
    assert "suggestion" not in body


def test_nothing_hidden_is_suggested() -> None:
    body = suggested("x = '\u202e'\n")
    assert "suggestion" not in body
    assert "Repair, which `/architect fix f1` applies: Filter by owner" in body


def test_the_others_of_a_comment_are_listed_and_marked() -> None:
    others = tuple(finding(fingerprint=f"{number:032x}", line=50 + number) for number in range(49))
    body = inline_comment(Inline(finding=finding(), first=41, last=44, others=others), PAGE)
    assert "The same in 49 more places:" in body
    assert all(f"#L{50 + number}-L{53 + number}>) `read_item`" in body for number in range(49))
    assert marked(body, "finding") == ("f1", *(f"{number:032x}" for number in range(49)))


def test_a_comment_at_a_file_leads_to_the_lines_that_the_change_does_not_touch() -> None:
    first = finding(fingerprint="f1", fix=mended("x = 1\n"))
    second = finding(fingerprint="f2", line=60)
    body = file_comment(AtFile(path="app/router.py", findings=(first, second)), PAGE)
    assert "This change causes a problem on lines that it does not touch: [`app/items.py:41`]" in body
    assert "The same in 1 more place:\n\n- [`app/items.py:60`]" in body
    assert "Repair, which `/architect fix f1` applies: Filter by owner" in body
    assert marked(body, "finding") == ("f1", "f2")


def test_a_comment_of_any_size_fits() -> None:
    long = "😀`<" * 3_000
    item = hostile_report(long).inline[0]
    many = dataclasses.replace(
        item, others=(item.finding,) * 49, suggestion=Edit("a.py", 41, 41, "x" * 19_000)
    )
    body = inline_comment(many, PAGE)
    assert len(body.encode()) <= LONGEST_COMMENT
    assert len(marked(body, "finding")) == 50
