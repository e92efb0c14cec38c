"""The configuration that a review goes by: the base commit's, so that no change can soften its own gate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import rules

_NAMED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Options of the base; `problems` are the mistakes that the head would bring or keep.

    `proposed` are the head's options where they are right and others than the base's.
    """

    options: rules.Options
    proposed: rules.Options | None = None
    problems: tuple[rules.Problem, ...] = ()
    notices: tuple[str, ...] = ()


def agreed(base: Mapping[str, bytes], head: Mapping[str, bytes]) -> Agreed:
    """What both trees configure. A base that is wrong counts as the defaults, so that it can be mended."""
    proposed, problems = _load(head)
    accepted, mistakes = _load(base)
    if mistakes:
        notice = "The base commit's configuration has mistakes, so the defaults were used."
        return Agreed(options=accepted, problems=problems, notices=(notice,))
    if problems or proposed == accepted:
        return Agreed(options=accepted, problems=problems)
    notice = "This change edits the configuration: the review went by the base commit's."
    return Agreed(options=accepted, proposed=proposed, notices=(notice,))


def previewed(by_base: rules.Review, by_head: rules.Review) -> str:
    """One sentence on what the head's configuration makes of the head, next to the base's."""
    before, after = _counting(by_base), _counting(by_head)
    more, fewer = after.keys() - before.keys(), before.keys() - after.keys()
    sharper = sum(after[known] != before[known] for known in after.keys() & before.keys())
    parts = [
        f"With the configuration of this change: +{len(more)}/-{len(fewer)} findings",
        *([_named("more", [after[known][0] for known in more])] if more else []),
        *([_named("fewer", [before[known][0] for known in fewer])] if fewer else []),
        *([f"{sharper} of another severity"] if sharper else []),
    ]
    return "; ".join(parts) + "."


def _counting(review: rules.Review) -> dict[str, tuple[str, str]]:
    return {
        found.fingerprint: (found.rule, found.severity) for found in review.findings if not found.suppressed
    }


def _named(word: str, codes: list[str]) -> str:
    counts = Counter(codes).most_common(_NAMED)
    listed = ", ".join(f"{code} ×{times}" for code, times in counts)
    return f"{word}: {listed}" + (", …" if len(set(codes)) > _NAMED else "")


def _load(tree: Mapping[str, bytes]) -> tuple[rules.Options, tuple[rules.Problem, ...]]:
    try:
        return rules.load_options(tree), ()
    except rules.ConfigurationError as error:
        return rules.Options(), error.problems
