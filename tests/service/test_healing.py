"""What was lost is found again: deliveries, reviews, everything that Redis held."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.demo.github.faults import Fault
from bot.service import Role
from tests.service import processes
from tests.service.conftest import doubled, unfinished
from tests.service.running import Service, serving, until
from tests.service.subject import FAULTIER, FAULTY, NAMES, Subject, held_up, opened

pytestmark = pytest.mark.thorough

QUICK = {"REDELIVERY_SECONDS": "0.5", "RECONCILE_SECONDS": "1"}


@pytest.fixture
def healing() -> Iterator[Service]:
    with tempfile.TemporaryDirectory(prefix="architect-") as folder, serving(Path(folder), **QUICK) as own:
        yield own


def assert_whole(service: Service, *subjects: Subject) -> None:
    """Every head has its review, and nothing is open or there twice."""
    for subject in subjects:
        subject.reviewed()
        assert subject.ended()[-1] == ("completed", "failure")
    until(lambda: unfinished(service) == [], "nothing is left open")
    assert doubled(service) == []


def test_a_wiped_redis_is_rebuilt_from_github(healing: Service) -> None:
    service = healing
    reviewed = opened(service)
    reviewed.reviewed()
    name = f"octo-org/{next(NAMES)}"
    service.github.faults.next("POST", f"/{name}/check-runs$", Fault.TOO_MANY, seconds=3_600)
    waiting = opened(service, full_name=name)
    until(lambda: any(seconds > 60 for seconds in service.waiting().values()), "a review waits")
    at_work = held_up(service, "POST", r"\.git/git-upload-pack")
    with service.redis() as redis:
        redis.flushall()
    at_work.push(FAULTIER)
    assert_whole(service, reviewed, waiting, at_work)
    assert len(reviewed.all_runs()) == 1


def test_deliveries_while_nobody_listened_are_asked_for(healing: Service) -> None:
    service = healing
    service.stop()
    subjects = [opened(service) for _ in range(5)]
    service.github.wait_for_deliveries()
    lost = [each for subject in subjects for each in subject.deliveries("pull_request")]
    assert {each.status_code for each in lost} == {502}
    service.start()
    assert_whole(service, *subjects)
    until(
        lambda: all(
            any(each.status_code == 202 for each in subject.deliveries("pull_request"))
            for subject in subjects
        ),
        "every delivery arrived",
    )
    assert [len(subject.all_runs()) for subject in subjects] == [1] * 5


def test_a_command_that_only_redis_knew_is_obeyed(healing: Service) -> None:
    service = healing
    subject = opened(service)
    subject.reviewed()
    processes.kill(*service.role(Role.SWEEPER))
    comment = service.github.person("jon").comment(subject.pull, "/architect help")
    service.github.wait_for_deliveries()
    with service.redis() as redis:
        redis.flushall()
    until(lambda: subject.answers() != [], "the command is answered")
    until(lambda: "rocket" in [each.content for each in comment.reactions], "and acknowledged")
    service.settle()
    assert len(subject.answers()) == 1


def listings(service: Service) -> int:
    """How often the App was shown its deliveries."""
    entries = service.github.log.entries("GET", "/app/hook/deliveries")
    return sum(each.status == 200 for each in entries)


def test_a_private_key_is_changed_while_the_service_runs(healing: Service) -> None:
    service = healing
    opened(service).reviewed()
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (service.folder / "key.pem").write_bytes(private)
    object.__setattr__(service.app, "public_key", public.decode())
    with service.github.state.lock:
        service.github.state.tokens.clear()
    subject = opened(service, FAULTY)
    assert_whole(service, subject)
    asked = listings(service)
    until(lambda: listings(service) > asked, "the healer uses the new key")
    assert len(subject.all_runs()) == 1
