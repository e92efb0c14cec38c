from __future__ import annotations

import rules
from bot.options import agreed

CONFIGURATION = ".github/backend-architect.yml"
STRICT = {CONFIGURATION: b"fail-on: low\n"}
LAX = {CONFIGURATION: b"fail-on: critical\n"}
WRONG = {CONFIGURATION: b"selct: [BA3]\n"}


def test_the_base_decides() -> None:
    terms = agreed(STRICT, LAX)
    assert terms.options == rules.load_options(STRICT)
    assert terms.problems == ()
    assert "went by the base commit's" in terms.notices[0]


def test_without_a_change_there_is_nothing_to_say() -> None:
    assert agreed(STRICT, STRICT).notices == ()
    assert agreed({}, {}).options == rules.Options()


def test_a_mistake_that_the_change_brings_is_named() -> None:
    terms = agreed(STRICT, WRONG)
    assert terms.options == rules.load_options(STRICT)
    assert [(problem.path, problem.line) for problem in terms.problems] == [(CONFIGURATION, 1)]


def test_a_wrong_base_can_be_mended() -> None:
    terms = agreed(WRONG, LAX)
    assert terms.options == rules.Options()
    assert terms.problems == ()
    assert "the defaults were used" in terms.notices[0]


def test_a_wrong_base_that_stays_wrong_is_named() -> None:
    assert len(agreed(WRONG, WRONG).problems) == 1
