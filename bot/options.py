"""The configuration that a review goes by: the base commit's, so that no change can soften its own gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Options of the base; `problems` are the mistakes that the head would bring or keep."""

    options: rules.Options
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
    return Agreed(options=accepted, notices=(notice,))


def _load(tree: Mapping[str, bytes]) -> tuple[rules.Options, tuple[rules.Problem, ...]]:
    try:
        return rules.load_options(tree), ()
    except rules.ConfigurationError as error:
        return rules.Options(), error.problems
