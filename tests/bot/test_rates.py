"""The local GitHub counts as GitHub does, and notices who does not wait."""

from __future__ import annotations

import email.utils

import pytest

from bot.demo.github.rates import Rates

NOW = 1_800_000_000.0
COMMENTS = "/repos/o/r/issues/1/comments"


def refusals(rates: Rates, method: str, path: str, times: int, *, apart: float = 0.1) -> int:
    taken = [rates.take(method, path, 7, NOW + number * apart) for number in range(times)]
    return sum(each is not None for each in taken)


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [("GET", "/repos/o/r/pulls/1", 900), ("PATCH", "/repos/o/r/check-runs/1", 180), ("POST", COMMENTS, 80)],
)
def test_a_minute_has_room_for_so_many(method: str, path: str, most: int) -> None:
    rates = Rates(enforced=True)
    assert refusals(rates, method, path, most, apart=0.01) == 0
    refused = rates.take(method, path, 7, NOW + 30)
    assert refused is not None
    assert (refused.status, "secondary rate limit" in refused.message) == (403, True)
    assert rates.take(method, path, 8, NOW + 30) is None


def test_an_hour_has_room_for_five_hundred_comments() -> None:
    rates = Rates(enforced=True)
    assert refusals(rates, "POST", COMMENTS, 500, apart=2) == 0
    assert rates.take("POST", COMMENTS, 7, NOW + 2_000) is not None
    assert rates.take("POST", COMMENTS, 7, NOW + 3_700) is None


def test_without_being_enforced_it_only_counts() -> None:
    rates = Rates()
    assert refusals(rates, "POST", COMMENTS, 600) == 0
    assert len(rates.asked(7)) == 600


@pytest.mark.parametrize(
    "headers",
    [
        {"retry-after": "10"},
        {"retry-after": email.utils.formatdate(NOW + 10, usegmt=True)},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW + 10))},
    ],
)
def test_who_comes_before_the_time_is_noted_and_refused(headers: dict[str, str]) -> None:
    rates = Rates(enforced=True)
    rates.note(COMMENTS, 7, 403, headers, NOW)
    assert rates.take("GET", "/repos/o/r/pulls/1", 7, NOW + 0.3) is None
    refused = rates.take("POST", "/app/installations/7/access_tokens", None, NOW + 9)
    assert refused is not None
    assert refused.headers == {"retry-after": "2"}
    assert rates.take("GET", "/repos/o/r/pulls/1", 8, NOW + 9) is None
    assert rates.take("GET", "/repos/o/r/pulls/1", 7, NOW + 10) is None
    assert [each.at for each in rates.early] == [NOW + 9]


def test_a_success_that_was_the_last_one_is_noted() -> None:
    rates = Rates()
    rates.note(COMMENTS, 7, 200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW + 10))}, NOW)
    rates.take("GET", "/repos/o/r/pulls/1", 7, NOW + 9)
    rates.take("GET", "/repos/o/r/pulls/1", 7, NOW + 10)
    assert [each.at for each in rates.early] == [NOW + 9]


def test_other_answers_ask_nobody_to_wait() -> None:
    rates = Rates(enforced=True)
    rates.note(COMMENTS, 7, 403, {"x-ratelimit-remaining": "12"}, NOW)
    rates.note(COMMENTS, 7, 404, {"retry-after": "10"}, NOW)
    assert rates.take("GET", "/repos/o/r/pulls/1", 7, NOW + 5) is None
    assert rates.early == []
