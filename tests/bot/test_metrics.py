from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from bot import measurements, queue, settings
from bot.ledger.names import Scope
from bot.measurements import FINDINGS, RULE_CRASHES, Measurements, collecting, count, note_answer, timed
from bot.metrics import totals
from bot.metrics.totals import Totals
from bot.web.headers import secured
from bot.web.receiver import receiver

SECURED = {"x-content-type-options", "referrer-policy", "cache-control", "content-security-policy"}


@contextlib.contextmanager
def serving(redis_url: str, scope: Scope, **more: str) -> Iterator[httpx.Client]:
    chosen = settings.load(
        {
            "GITHUB_APP_ID": scope.app,
            "GITHUB_API_URL": f"https://{scope.host}",
            "GITHUB_WEBHOOK_SECRET": "correct horse",
            "REDIS_URL": redis_url,
            "QUEUE": f"q{scope.app}",
            **more,
        }
    )
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(receiver(chosen), log_config=None, lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=30, trust_env=False
        ) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def samples(text: str) -> dict[tuple[str, str], float]:
    """Values by name and by the values of the labels, as Prometheus's own parser reads them."""
    return {
        (sample.name, "/".join(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_workers_measured_is_shown_with_the_queue(redis_url: str, redis: Redis, scope: Scope) -> None:
    with collecting() as measured:
        count(FINDINGS, "BA305", by=3)
        count(RULE_CRASHES, "BA101")
        note_answer(200, "4321")
        note_answer(502, None)
        with timed("fetch"):
            pass
        measured.seconds.append(("judge", 7.0))
        measured.seconds.append(("judge", 1_000.0))
    totals.add(redis, scope, 11, measured)
    totals.add(redis, scope, 11, measured)
    now = time.time() * 1_000
    redis.zadd(scope.work, {"due": now - 90_000, "later": now + 90_000})
    redis.lpush(scope.dead, "{}")
    with Redis.from_url(redis_url) as plain, serving(redis_url, scope) as client:
        queue.put(queue.open_queue(plain, f"q{scope.app}"), "item", seconds=5)
        found = samples(client.get("/metrics").text)
    assert found["architect_findings_total", "BA305"] == 6
    assert found["architect_rule_crashes_total", "BA101"] == 2
    assert found["architect_github_requests_total", "2xx"] == 2
    assert found["architect_github_budget_remaining", "11"] == 4321
    assert found["architect_review_step_seconds_bucket", "5.0/judge"] == 0
    assert found["architect_review_step_seconds_bucket", "10.0/judge"] == 2
    assert found["architect_review_step_seconds_bucket", "+Inf/judge"] == 4
    assert found["architect_review_step_seconds_sum", "judge"] == pytest.approx(2_014)
    assert found["architect_review_step_seconds_count", "fetch"] == 2
    assert (found["architect_waiting_items", ""], found["architect_queued_jobs", ""]) == (2, 1)
    assert found["architect_dead_items", ""] == 1
    assert 89 < found["architect_queue_age_seconds", ""] < 600


def test_a_job_that_waits_in_the_queue_has_an_age(redis_url: str, redis: Redis, scope: Scope) -> None:
    with Redis.from_url(redis_url) as plain:
        queue.put(queue.open_queue(plain, f"q{scope.app}"), "item", seconds=5)
        (job,) = plain.lrange(f"rq:queue:q{scope.app}", 0, -1)
        plain.hset(f"rq:job:{job.decode()}", "enqueued_at", "2020-01-01T00:00:00.000000Z")
    with serving(redis_url, scope) as client:
        found = samples(client.get("/metrics").text)
    assert found["architect_queue_age_seconds", ""] > 86_400
    assert redis.zcard(scope.work) == 0


def test_deliveries_are_counted_by_event_and_outcome(redis_url: str, scope: Scope) -> None:
    with serving(redis_url, scope) as client:
        for event in ("pull_request", "made-up-by-a-stranger"):
            assert (
                client.post("/webhook", content=b"{}", headers={"X-GitHub-Event": event}).status_code == 401
            )
        found = samples(client.get("/metrics").text)
    assert found["architect_deliveries_total", "pull_request/forged"] == 1
    assert found["architect_deliveries_total", "other/forged"] == 1


def test_the_metrics_are_for_this_machine_or_for_the_token(redis_url: str, scope: Scope) -> None:
    with serving(redis_url, scope) as client:
        assert client.get("/metrics").status_code == 200
        for headers in (
            {"X-Forwarded-For": "203.0.113.7"},
            {"Host": "architect.example.com"},
            {"Via": "1.1 x"},
        ):
            refused = client.get("/metrics", headers=headers)
            assert (refused.status_code, list(refused.json())) == (403, ["detail"])
    with serving(redis_url, scope, METRICS_TOKEN="open sesame") as client:
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers={"Authorization": "Bearer open"}).status_code == 401
        far = {"Authorization": "Bearer open sesame", "X-Forwarded-For": "203.0.113.7"}
        assert client.get("/metrics", headers=far).status_code == 200


def test_every_answer_has_the_headers_and_every_refusal_one_form(redis_url: str, scope: Scope) -> None:
    with serving(redis_url, scope) as client:
        asked = [
            client.get("/healthz"),
            client.get("/readyz"),
            client.get("/installed?installation_id=1"),
            client.get("/nowhere"),
            client.post("/healthz"),
            client.get("/webhook"),
            client.post("/webhook", content=b"x"),
        ]
    assert [answer.status_code for answer in asked] == [200, 200, 200, 404, 405, 405, 401]
    assert [answer.url.path for answer in asked if not set(answer.headers) >= SECURED] == []
    for answer in asked[3:]:
        assert list(answer.json()) == ["detail"]
        assert isinstance(answer.json()["detail"], str)


def test_headers_that_an_answer_has_stay_and_tls_is_kept() -> None:
    given = [(b"Content-Security-Policy", b"default-src 'self'")]
    over_tls = dict(secured(given, "https"))
    assert over_tls[b"Content-Security-Policy"] == b"default-src 'self'"
    assert b"content-security-policy" not in over_tls
    assert b"strict-transport-security" in over_tls
    assert b"strict-transport-security" not in dict(secured([], "http"))


def test_measuring_does_nothing_where_nobody_collects_and_fails_no_work(scope: Scope) -> None:
    count(FINDINGS, "BA305")
    with timed("fetch"):
        pass
    with collecting() as measured:
        note_answer(200, "many")
    assert measured == Measurements(counts=measured.counts)
    assert measured.counts[measurements.GITHUB_REQUESTS, "2xx"] == 1
    with Redis.from_url("unix:///nowhere/redis.sock", decode_responses=True) as nobody:
        totals.add(nobody, scope, 1, measured)
    assert totals.totals({"x": "1", "findings/BA1": "y", "bucket/fetch/99": "1"}) == Totals({}, {}, {})
