"""Inline comments: what they tell, and the repairs that they show."""

from __future__ import annotations

from bot.render.comment import inline_comment
from bot.report import Inline
from rules.finding import Edit, Fix, Safety
from tests.bot.test_render import PAGE, finding


def test_a_comment_tells_what_why_and_how_to_mend() -> None:
    edit = Edit("app/items.py", 41, 41, "    statement = select(Item).where(Item.owner_id == user.id)\n")
    fixed = finding(fix=Fix("Filter by owner", Safety.SUGGEST, (edit,)))
    body = inline_comment(Inline(finding=fixed, first=41, last=41, suggestion=edit), PAGE)
    assert body.startswith("**BA305 unscoped\\-object\\-access** · critical, high confidence\n\n")
    assert f"```suggestion\n{edit.replacement}```" in body
    assert "[`app/crud.py:12`](<https://github.test/acme/shop/blob/" in body
    assert body.endswith("<!-- backend-architect:v1 finding=f1 -->")


def test_a_suggestion_with_backticks_has_a_longer_fence() -> None:
    edit = Edit("app/items.py", 41, 41, 'x = """\n```\n"""\n')
    fixed = finding(fix=Fix("Mend", Safety.SAFE, (edit,)))
    body = inline_comment(Inline(finding=fixed, first=41, last=41, suggestion=edit), PAGE)
    assert f"````suggestion\n{edit.replacement}````" in body


def test_a_file_to_create_is_shown_whole_and_folded() -> None:
    edit = Edit("alembic/versions/1a2b_models.py", 1, 0, 'op.add_column("item")\n')
    fixed = finding(fix=Fix("Add the revision `1a2b`", Safety.SUGGEST, (edit,)))
    body = inline_comment(Inline(finding=fixed, first=41, last=41), PAGE)
    assert "`alembic/versions/1a2b_models.py`" in body
    assert f"```python\n{edit.replacement}```" in body
    assert body.index("<details>") < body.index("```python") < body.index("</details>")
    assert "suggestion" not in body


def test_nothing_hidden_is_suggested() -> None:
    edit = Edit("app/items.py", 41, 41, "x = '\u202e'\n")
    fixed = finding(fix=Fix("Mend", Safety.SAFE, (edit,)))
    body = inline_comment(Inline(finding=fixed, first=41, last=41, suggestion=edit), PAGE)
    assert "suggestion" not in body
    assert "Repair: Mend" in body
