"""What an operator sees of a review: its delivery in every log line, and the metrics."""

from __future__ import annotations

import json

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.service.running import Service, until
from tests.service.subject import FAULTY, opened

pytestmark = pytest.mark.thorough


def measured(service: Service) -> dict[tuple[str, tuple[str, ...]], float]:
    text = httpx.get(f"{service.url}/metrics", timeout=20).raise_for_status().text
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_review_is_measured_step_by_step(service: Service) -> None:
    before = measured(service).get(("architect_review_step_seconds_count", ("review",)), 0)
    subject = opened(service, FAULTY)
    subject.reviewed()
    service.settle()
    until(
        lambda: measured(service).get(("architect_review_step_seconds_count", ("review",)), 0) > before,
        "the review is measured",
    )
    found = measured(service)
    for step in ("fetch", "judge", "read-back", "post"):
        assert found["architect_review_step_seconds_count", (step,)] >= 1
    assert found["architect_findings_total", ("BA204",)] >= 1
    assert found["architect_tasks_total", ("finished",)] >= 1
    assert found["architect_github_requests_total", ("2xx",)] >= 5
    assert found["architect_deliveries_total", ("pull_request", "recorded")] >= 1
    assert found["architect_github_budget_remaining", (str(subject.installation.id),)] > 0


def test_the_delivery_stands_in_every_line_of_its_work(service: Service) -> None:
    subject = opened(service)
    subject.reviewed()
    service.settle()
    (delivery,) = subject.deliveries("pull_request")
    lines = [json.loads(line) for line in service.log.read_text().splitlines() if line.startswith("{")]
    item = f"/{subject.installation.id}/{subject.repository.id}/pull/{subject.pull.number}"
    told = [line for line in lines if str(line.get("item", "")).endswith(item)]
    assert told, "the worker tells of its work"
    assert {line.get("delivery") for line in told} == {delivery.guid}
    assert [
        line["recorded"] for line in lines if line.get("delivery") == delivery.guid and "recorded" in line
    ]
