"""`/architect explain CODE`: a rule's documentation; in a thread of ours that of its rule."""

from __future__ import annotations

import difflib
import re

import rules
from bot.commands.desk import Declined, Desk, Done, Outcome
from bot.render.markdown import clip, code
from bot.slash_commands import Explain

_CODE = re.compile(r"\bBA\d{3}\b")
_LONGEST = 50_000


def obey(desk: Desk, command: Explain) -> Outcome:
    """Answer with the documentation."""
    wanted = command.code or _of_thread(desk)
    if wanted is None:
        return Declined("Name the rule, such as `BA305`, or ask in a thread of mine.")
    registered = {found.rule.code: found for found in rules.catalog_rules()}
    by_word = {**registered, **{found.name: found for found in registered.values()}}
    found = by_word.get(wanted.upper()) or by_word.get(wanted.lower())
    if found is None:
        near = difflib.get_close_matches(wanted.upper(), registered, n=1)
        guess = f" Did you mean {code(near[0])}?" if near else ""
        return Declined(f"{code(clip(wanted, 60))} is no rule of mine.{guess}")
    title = f"### {found.rule.code} {found.name}\n\n{found.rule.section}, {found.rule.severity}"
    return Done(text=f"{title}\n\n{clip(found.documentation.text, _LONGEST)}")


def _of_thread(desk: Desk) -> str | None:
    opening = desk.opening()
    found = _CODE.search(opening.body) if opening else None
    return found.group() if found else None
