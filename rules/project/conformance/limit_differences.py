"""How the limits of a value that a client sends differ: lengths, ranges, patterns."""

from __future__ import annotations

from collections.abc import Iterator

from rules.project.conformance.differences import Effect
from rules.project.conformance.shapes import Shape

_LOWER = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems"})
_TRIVIAL = {"minLength": 0.0, "minItems": 0.0}


def limit_differences(spec: Shape, code: Shape) -> Iterator[tuple[Effect, str]]:
    """Each limit that differs: a tighter one refuses specified values, a missing one lets others through."""
    for name in sorted({*spec.limits, *code.limits}):
        wanted, made = spec.limits.get(name), code.limits.get(name)
        if wanted == made or {wanted, made} == {None, _TRIVIAL.get(name)}:
            continue
        if wanted is None:
            if not _is_other_form(name, spec):
                yield Effect.ADDS, f"the code limits it by `{name}` {made:g}, the specification does not"
        elif made is None:
            if code.is_known and not _is_other_form(name, code) and code.values is None:
                yield Effect.WEAKENS, f"`{name}` {wanted:g} is specified, the code does not check it"
        elif (made > wanted) == (name in _LOWER):
            yield Effect.BREAKS, f"`{name}` {wanted:g} is specified, the code has {made:g} and refuses more"
        else:
            yield Effect.WEAKENS, f"`{name}` {wanted:g} is specified, the code has {made:g} and takes more"
    if spec.pattern and code.pattern and spec.pattern != code.pattern:
        yield Effect.BREAKS, f"pattern `{spec.pattern}` is specified, the code has `{code.pattern}`"
    elif spec.pattern and not code.pattern and code.is_known and code.values is None and not code.format:
        yield Effect.WEAKENS, f"pattern `{spec.pattern}` is specified, the code does not check it"


def _is_other_form(name: str, shape: Shape) -> bool:
    """Whether the same limit stands there as the exclusive or inclusive one."""
    pairs = {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}
    other = {**pairs, **{value: key for key, value in pairs.items()}}.get(name)
    return other in shape.limits
