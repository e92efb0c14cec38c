"""Cookies that carry a session or a token, and the flags that they are set with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import Arguments, Const, Value, alternatives
from rules.finding import Place
from rules.project.hardening.development_guards import only_in_development
from rules.project.hardening.library_uses import LibraryUse, Use
from rules.project.hardening.middleware_options import all_middleware, use_of
from rules.project.isolation.terms import walk
from rules.project.tokens.token_calls import Act, token_call

if TYPE_CHECKING:
    from rules.project.project import Project

_SESSION = re.compile(
    r"(^|[_\-.])(session|sessionid|sess|sid|auth|token|access|refresh|jwt|bearer|authorization|remember|login)"
    r"([_\-.]?(id|token|key|cookie|user))?$",
    re.IGNORECASE,
)
_FORGERY = re.compile(r"csrf|xsrf", re.IGNORECASE)
_POSITIONS = {"key": 0, "value": 1, "secure": 6, "httponly": 7, "samesite": 8}
_TRANSPORTS = frozenset({"CookieTransport"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BareCookie:
    """A cookie that lacks flags: `missing` are those, as the call spells them."""

    name: str
    missing: tuple[str, ...]
    use: Use
    certain: bool

    @property
    def place(self) -> Place:
        """The call that sets it."""
        return self.use.place


def bare_cookies(project: Project) -> Iterator[BareCookie]:
    """Cookies of sessions and tokens that scripts can read or that go over plain connections."""
    for use in project.library_uses.calls:
        found = _of_call(use) if use.call.method == "set_cookie" else _of_transport(use)
        yield from (cookie for cookie in found if not only_in_development(use.effect.conditions))
    for middleware in all_middleware(project):
        if middleware.name == "SessionMiddleware" and not only_in_development(middleware.conditions):
            given = middleware.entry.arguments
            if _is_off(given.keywords.get("https_only")) and not given.is_open:
                yield BareCookie(
                    name="session", missing=("https_only",), use=use_of(middleware), certain=True
                )


def _of_call(use: LibraryUse) -> Iterator[BareCookie]:
    arguments = use.call.arguments
    if arguments.is_open:
        return
    key, value = (arguments.get(_POSITIONS[n], n) for n in ("key", "value"))
    names = (
        [a.value.value for a in alternatives(key) if isinstance(a.value, Const)] if key is not None else []
    )
    name = str(names[0]) if names else ""
    if _FORGERY.search(name) or _is_deletion(value, arguments):
        return
    carried = value is not None and any(_is_token(node) for node in walk(value))
    if not carried and not _SESSION.search(name):
        return
    missing = tuple(flag for flag in ("httponly", "secure") if _is_off(arguments.get(_POSITIONS[flag], flag)))
    if missing:
        yield BareCookie(name=name, missing=missing, use=use, certain=carried or bool(name))


def _of_transport(use: LibraryUse) -> Iterator[BareCookie]:
    """fastapi-users' transport: its flags are on unless they are switched off."""
    if use.call.method not in _TRANSPORTS:
        return
    given = use.call.arguments.keywords
    off = [f for f in ("cookie_httponly", "cookie_secure") if f in given and _is_off(given[f])]
    if off:
        yield BareCookie(name="fastapiusersauth", missing=tuple(off), use=use, certain=True)


def _is_off(value: Value | None) -> bool:
    """Whether a flag is certainly off: absent or False; what the deployment decides is its matter."""
    if value is None:
        return True
    return isinstance(value, Const) and not value.value and not value.configurable


def _is_deletion(value: Value | None, arguments: Arguments) -> bool:
    age = arguments.keywords.get("max_age")
    empty = isinstance(value, Const) and value.value == ""
    return empty or (isinstance(age, Const) and age.value == 0)


def _is_token(value: Value) -> bool:
    found = token_call(value)
    return found is not None and found.act is Act.ENCODE
