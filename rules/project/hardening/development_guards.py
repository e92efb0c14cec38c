"""Conditions under which something happens on a developer's machine alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rules.evaluation.values import Condition
from rules.ir import nodes as ir
from rules.ir.walk import walk

_LOCAL = re.compile(
    r"(^|_|\b)(dev|devel|develop|development|local|localhost|debug|test|testing|tests|ci)(_|\b|$)",
    re.IGNORECASE,
)
_PRODUCTION = re.compile(r"(^|_|\b)(prod|production|staging|live|deployed)(_|\b|$)", re.IGNORECASE)


def only_in_development(conditions: Iterable[Condition]) -> bool:
    """Whether some condition names a development mode, or the absence of production."""
    return any(_is_development(condition) for condition in conditions)


def is_development_name(name: str) -> bool:
    """Whether a function or setting is named for a development mode."""
    return _LOCAL.search(name) is not None


def _is_development(condition: Condition) -> bool:
    node = condition.origin.node
    words = list(_words(node))
    local, production = (any(p.search(w) for w in words) for p in (_LOCAL, _PRODUCTION))
    if local == production:
        return False
    turned = condition.negated != (_negations(node) % 2 == 1)
    return local is not turned


def _words(node: ir.Node) -> Iterable[str]:
    for part in walk(node):
        match part:
            case ir.Name(id=text) | ir.Attribute(name=text) | ir.Constant(value=str(text)):
                yield text


def _negations(node: ir.Node) -> int:
    count = 0
    for part in walk(node):
        if isinstance(part, ir.Unary) and part.operator == "not":
            count += 1
        elif isinstance(part, ir.Comparison):
            count += sum(operator in {"!=", "not in", "is not"} for operator in part.operators)
            count += sum(isinstance(r, ir.Constant) and r.value is False for r in part.rights)
    return count
