from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slash_commands import Config, Explain, Fix, Help, Ignore, Review, Unignore, Unknown, parse

KNOWN = "0123abcd"


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("/architect review", Review()),
        ("/architect  review   full", Review(full=True)),
        ("/architect help", Help()),
        ("/architect", Help()),
        ("/architect\thelp", Help()),
        ("/architect config", Config()),
        ("/architect explain BA305", Explain("BA305")),
        ("/architect explain", Explain()),
        ("/architect fix", Fix()),
        (f"/architect fix {KNOWN}", Fix(KNOWN)),
        (f"/architect unignore {KNOWN.upper()}", Unignore(KNOWN)),
        ("/architect unignore", Unignore(None)),
        (f"/architect ignore {KNOWN} not reachable", Ignore(KNOWN, "not reachable")),
        (f"/architect ignore {KNOWN}ef because of this", Ignore(f"{KNOWN}ef", "of this")),
        ("/architect ignore because it is internal", Ignore(None, "it is internal")),
        ("/architect ignore internal only", Ignore(None, "internal only")),
        ("/architect ignore defaced words", Ignore(None, "defaced words")),
    ],
)
def test_known_commands(line: str, command: object) -> None:
    assert parse(line) == command


@pytest.mark.parametrize(
    "line",
    [
        "/architect review now",
        "/architect reviews",
        "/architect help me",
        "/architect REVIEW @all",
        "/architect config all",
        "/architect explain BA305 BA306",
        "/architect fix all",
        "/architect fix 0123",
        f"/architect unignore {KNOWN} please",
        "/architect ignore",
        f"/architect ignore {KNOWN}",
        f"/architect ignore {KNOWN} --",
        "/architect accept",
    ],
)
def test_everything_else_is_answered_with_why(line: str) -> None:
    command = parse(line)
    assert isinstance(command, Unknown)
    assert "@" not in command.why
    assert command.why.endswith(".")


@given(st.text())
def test_no_line_is_too_much(rest: str) -> None:
    assert parse(f"/architect {rest}") is not None
