"""Edits that mend a call: an option taken out, an argument or a claim added."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.evaluation.scopes import Scope
from rules.evaluation.values import Application, External, Origin, Value
from rules.finding import Edit, Fix, Safety
from rules.ir import nodes as ir
from rules.ir.walk import walk as nodes_of
from rules.project.call_frames import Frames
from rules.project.isolation.terms import called_name, walk
from rules.project.source_edits import replaced
from rules.project.tokens.token_calls import Library
from rules.project.tokens.tokens import Decoding, Encoding, Tokens

_LIFE = "timedelta(minutes=15)"


def without_option(read: Decoding, option: str) -> Fix | None:
    """The call without `option`; None where that is not a matter of one line."""
    origin = read.occurrence.effect.origin
    keyword = _keyword(origin, "options")
    if keyword is None or not isinstance(keyword.value, ir.Mapping):
        return None
    source = origin.module.source
    written = source.segment(keyword)
    names = [k.value for k in keyword.value.keys if isinstance(k, ir.Constant)]
    place = source.place(keyword)
    if names == [option]:
        line = source.lines[place.line - 1]
        if line.strip().rstrip(",") == written:
            edits: tuple[Edit, ...] = (Edit(source.path, place.line, place.line, ""),)
        else:
            edits = replaced(source, place, f", {written}", "")
    else:
        entry = rf"""["']{option}["']\s*:\s*False"""
        rest = re.sub(rf"{entry},\s*|,\s*{entry}", "", written, count=1)
        edits = replaced(source, place, written, rest) if rest != written else ()
    return Fix(f"Leave out `{option}`", Safety.SUGGEST, edits) if edits else None


def with_algorithms(read: Decoding, tokens: Tokens) -> Fix | None:
    """The call with the algorithm that the project's tokens of the same key are signed with."""
    origin = read.occurrence.effect.origin
    source = origin.module.source
    made = next((e for e in tokens.encodings if e.key == read.key and len(e.algorithms.names) == 1), None)
    place = source.place(origin.node)
    if made is None or read.call.library is not Library.JOSE or place.line != place.end_line:
        return None
    algorithm = f'"{made.algorithms.names[0]}"'
    keyword = _keyword(made.occurrence.effect.origin, "algorithm")
    if keyword is not None and made.occurrence.effect.origin.module is origin.module:
        algorithm = source.segment(keyword.value)
    written = source.segment(origin.node)
    edits = replaced(source, place, written, f"{written[:-1]}, algorithms=[{algorithm}])")
    return Fix(f"Accept `{algorithm}` alone", Safety.SUGGEST, edits) if edits else None


def with_issue_time(made: Encoding) -> Fix | None:
    """The claims with `iat` beside `exp`, from the clock that the expiry is computed from."""
    clocks = {id(n): n for value in made.values("exp") for n in walk(value) if _is_clock(n)}
    texts = {
        node.origin.module.source.segment(node.origin.node)
        for node in clocks.values()
        if isinstance(node, Application) and node.origin.module is made.occurrence.effect.origin.module
    }
    if len(texts) != 1 or any(text.endswith("now()") for text in texts):
        # The libraries take a time without a zone for UTC: local time would lie in the future.
        return None
    return _with_claim(made, "exp", f'"iat": {texts.pop()}', "Add `iat`")


def with_expiry(made: Encoding, scope: Scope) -> Fix | None:
    """The claims with an `exp` of fifteen minutes, where the module has imported what that takes."""
    clock = _clock_of(scope)
    if clock is None:
        return None
    names = next((list(claims.values) for claims in made.claims), [])
    return _with_claim(made, names[0], f'"exp": {clock} + {_LIFE}', "Add an expiry") if names else None


def _with_claim(made: Encoding, beside: str, claim: str, title: str) -> Fix | None:
    origin = made.occurrence.effect.origin
    found = list(_entries(origin, beside))
    if len(found) != 1:
        return None
    source = origin.module.source
    key, value = found[0]
    place = source.place(value)
    written = source.segment(value)
    line = source.lines[place.line - 1] if place.line == place.end_line == source.place(key).line else ""
    old = f"{source.segment(key)}: {written}"
    edits = replaced(source, place, old, f"{old}, {claim}") if old in line else ()
    return Fix(title, Safety.SUGGEST, edits) if edits else None


def _entries(origin: Origin, key: str) -> Iterator[tuple[ir.Expr, ir.Expr]]:
    """The entries of dict displays under a key in the function around the call."""
    function = Frames().enclosing(origin)
    for node in nodes_of(origin.module.source.module.body(function)) if function is not None else ():
        if isinstance(node, ir.Mapping):
            for written, value in zip(node.keys, node.values, strict=True):
                if isinstance(written, ir.Constant) and written.value == key:
                    yield written, value


def _keyword(origin: Origin, name: str) -> ir.Keyword | None:
    keywords = origin.node.keywords if isinstance(origin.node, ir.Call) else ()
    return next((k for k in keywords if k.name == name), None)


def _is_clock(value: Value) -> bool:
    return called_name(value) in {"now", "utcnow", "time"}


def _clock_of(scope: Scope) -> str | None:
    """How a module that imports `datetime` and `timedelta` writes the present."""
    bound = {n: v.name for n, v in scope.bindings.items() if isinstance(v, External)}
    if bound.get("datetime") != "datetime.datetime" or bound.get("timedelta") != "datetime.timedelta":
        return None
    if bound.get("UTC") == "datetime.UTC":
        return "datetime.now(UTC)"
    return "datetime.now(timezone.utc)" if bound.get("timezone") == "datetime.timezone" else None
