"""What was measured becomes one entry for each fault, and a row on the page."""

from __future__ import annotations

from typing import Any

from benchmarks.deliveries import Letter, percentile
from tools.documentation.reliability_page import reliability_page
from tools.reliability import _merged, _order

PART: dict[str, Any] = {
    "number": "R2",
    "criterion": "all goes on",
    "test": "one",
    "form": "long",
    "date": "2026-01-01",
    "passed": True,
    "seconds": 2.0,
    "counted": {"kills": 5},
    "most": {"recovery, s": 4.0},
    "limits": {"recovery, s": 30.0},
}


def test_counts_are_added_and_the_worst_counts() -> None:
    other = {**PART, "test": "two", "date": "2026-01-02", "most": {"recovery, s": 9.0}, "passed": False}
    (entry,) = _merged([PART, other]).values()
    assert entry["counted"] == {"kills": 10}
    assert entry["most"] == {"recovery, s": 9.0}
    assert (entry["passed"], entry["tests"], entry["seconds"], entry["date"]) == (False, 2, 4.0, "2026-01-02")


def test_faults_stand_in_the_order_of_their_numbers() -> None:
    assert sorted(["T1", "R10", "R2"], key=_order) == ["R2", "R10", "T1"]


def test_the_page_is_there_with_its_three_tables() -> None:
    text = reliability_page().text
    assert text.startswith("# Reliability\n")
    assert [title for title in ("## Faults", "## Threats", "## Speed and memory") if title in text] in (
        [],
        ["## Faults", "## Threats", "## Speed and memory"],
    )


def test_the_percentile_is_the_smallest_value_that_enough_do_not_exceed() -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], 0.5) == 3.0
    assert percentile([5.0], 0.99) == 5.0


def test_a_letter_is_a_signed_request() -> None:
    request = Letter(body=b"Hello, World!", secret="It's a Secret to Everybody", guid="one").request(
        "http://127.0.0.1:1/webhook"
    )
    head, _, body = request.partition(b"\r\n\r\n")
    assert body == b"Hello, World!"
    # GitHub's published example: https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
    signature = b"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert b"X-Hub-Signature-256: " + signature in head
    assert head.startswith(b"POST /webhook HTTP/1.1\r\n")
