from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot import settings
from bot.demo.github import LocalGitHub
from bot.demo.github.accounts import App
from bot.doctor import queue_store
from bot.doctor.app import examine_clock, examine_deliveries, examine_identity, examine_webhook
from bot.doctor.diagnosis import State
from bot.doctor.examination import examine
from bot.doctor.github_session import Answer, GitHubSession
from bot.doctor.host import examine_data_folder, examine_git, examine_secrets
from bot.registration import CHECK_NAME, EVENTS, PERMISSIONS
from tests.github.fixtures import github
from tests.github.receiver import Receiver, receiver

__all__ = ["github", "receiver"]

ROOT = Path(__file__).parents[2]


def environment(github: LocalGitHub, app: App, folder: Path, **more: str) -> dict[str, str]:
    key = folder / "key.pem"
    key.touch(mode=0o600)
    key.write_text(app.private_key)
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "GITHUB_APP_ID": str(app.id),
        "GITHUB_PRIVATE_KEY_PATH": str(key),
        "GITHUB_WEBHOOK_SECRET": app.webhook_secret,
        "GITHUB_API_URL": github.api_url,
        "GITHUB_URL": github.url,
        "DATA_FOLDER": str(folder / "data"),
        **more,
    }


def examined(github: LocalGitHub, app: App, folder: Path, **more: str) -> dict[str, tuple[str, str]]:
    """What was found, by check: state and remedy."""
    found = examine(settings.load(environment(github, app, folder, **more)))
    return {each.check: (str(each.state), f"{each.message} {each.remedy}") for each in found}


def test_a_sound_service_is_healthy(
    github: LocalGitHub, receiver: Receiver, redis_url: str, tmp_path: Path
) -> None:
    app = github.create_app(webhook_url=receiver.url, permissions=PERMISSIONS, events=EVENTS)
    repository = github.create_repository("octo-org/shop")
    github.push(repository, "main", {"README.md": "# Shop\n"}, "Begin")
    repository.required_checks.append((CHECK_NAME, app.id))
    github.install(app, repository)
    github.wait_for_deliveries()
    answer = subprocess.run(
        [sys.executable, "-P", "-m", "bot", "doctor", "--format", "json"],
        env=environment(github, app, tmp_path, REDIS_URL=redis_url),
        capture_output=True,
        text=True,
        check=False,
    )
    document = json.loads(answer.stdout)
    states = {check["check"]: check["state"] for check in document["checks"]}
    assert (answer.returncode, document["healthy"], answer.stderr) == (0, True, "")
    expected_warnings = {"webhook"}  # loopback without TLS
    assert {name for name, state in states.items() if state != "ok"} <= {*expected_warnings, "git"}
    assert set(states) == {
        "git",
        "data-folder",
        "secret-files",
        "redis-version",
        "redis-eviction",
        "redis-persistence",
        "app",
        "clock",
        "permissions",
        "events",
        "webhook",
        "deliveries",
        "installations",
        "required-check",
    }


def test_each_fault_has_its_remedy(github: LocalGitHub, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = closed.getsockname()[1]
    lacking = {name: level for name, level in PERMISSIONS.items() if name != "merge_queues"}
    lacking["checks"] = "read"
    app = github.create_app(
        webhook_url=f"http://127.0.0.1:{nobody}/webhook", permissions=lacking, events=EVENTS[:-1]
    )
    repository = github.create_repository("octo-org/shop")
    github.push(repository, "main", {"README.md": "# Shop\n"}, "Begin")
    repository.required_checks.append((CHECK_NAME, None))
    github.install(app, repository)
    github.wait_for_deliveries()
    found = examined(github, app, tmp_path, REDIS_URL=f"redis://:hush-hush@127.0.0.1:{nobody}")
    faults = {name for name, (state, _) in found.items() if state == "fault"}
    assert faults == {"redis", "permissions", "events", "deliveries", "installations"}
    assert "checks: write, merge_queues: read" in found["permissions"][1]
    assert f"{github.url}/settings/apps/{app.slug}/permissions" in found["permissions"][1]
    assert "must accept the App's new permissions" in found["installations"][1]
    assert "repository" in found["events"][1]
    assert found["required-check"][0] == "warning"
    assert "from any source" in found["required-check"][1]
    assert "hush-hush" not in str(found)


def test_the_text_names_the_remedy_and_the_exit_code_says_it(github: LocalGitHub, tmp_path: Path) -> None:
    app = github.create_app(permissions=PERMISSIONS, events=EVENTS)
    answer = subprocess.run(
        [sys.executable, "-P", "-m", "bot", "doctor"],
        env=environment(github, app, tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.returncode, answer.stderr) == (1, "")
    lines = [line.split(maxsplit=2) for line in answer.stdout.splitlines()]
    assert ["fault", "installations", "The App is installed nowhere."] in lines
    assert f"Install it: {github.url}/apps/{app.slug}/installations/new" in answer.stdout
    incomplete = subprocess.run(
        [sys.executable, "-P", "-m", "bot", "doctor"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATA_FOLDER": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (incomplete.returncode, incomplete.stdout) == (2, "")
    assert "GITHUB_APP_ID is not set" in incomplete.stderr


def test_a_key_of_another_app_is_found_out(github: LocalGitHub, tmp_path: Path) -> None:
    app, other = github.create_app("one"), github.create_app("two")
    found = examined(github, app, tmp_path)
    assert found["app"][0] == "ok"
    wrong = environment(github, other, tmp_path, GITHUB_APP_ID=str(app.id))
    judged = {each.check: each.state for each in examine(settings.load(wrong))}
    assert judged["app"] is State.FAULT
    assert "permissions" not in judged
    broken = settings.load(wrong | {"GITHUB_PRIVATE_KEY_PATH": "", "GITHUB_PRIVATE_KEY": "PRIVATE KEY-----"})
    assert {each.check: each.state for each in examine(broken)}["app"] is State.FAULT


@pytest.fixture
def silent() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_github_that_does_not_answer_is_named(github: LocalGitHub, silent: str) -> None:
    app = github.create_app()
    with GitHubSession(silent, str(app.id), app.private_key) as session:
        judged = examine_identity(session.as_app("/app"), silent)
    assert (judged.state, silent in judged.message) == (State.FAULT, True)


@pytest.mark.parametrize(
    ("ahead", "state"),
    [(0.4, State.OK), (-19, State.OK), (25, State.WARNING), (61, State.FAULT), (-3_600, State.FAULT)],
)
def test_the_clock_is_judged(ahead: float, state: State) -> None:
    assert examine_clock(Answer(status=401, body={}, ahead=ahead)).state is state


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, State.OK),
        ({"url": ""}, State.FAULT),
        ({"url": "https://a.example.com/hooks"}, State.FAULT),
        ({"url": "https://b.example.com/webhook"}, State.FAULT),
        ({"content_type": "form"}, State.FAULT),
        ({"insecure_ssl": "1"}, State.WARNING),
    ],
)
def test_the_webhook_is_judged(changes: dict[str, str], state: State) -> None:
    config = {"url": "https://a.example.com/webhook", "content_type": "json", "insecure_ssl": "0", **changes}
    judged = examine_webhook(Answer(status=200, body=config), "PAGE", "https://a.example.com")
    assert judged.state is state


@pytest.mark.parametrize(
    ("codes", "state", "word"),
    [
        ([], State.UNKNOWN, "Redeliver"),
        ([202, 202], State.OK, "The last 2"),
        ([202, 502], State.WARNING, "1 of 2"),
        ([401], State.FAULT, "GITHUB_WEBHOOK_SECRET"),
        ([503, 202], State.FAULT, "/readyz"),
        ([404], State.FAULT, "Something else answers"),
        ([0], State.FAULT, "firewall"),
    ],
)
def test_the_last_deliveries_are_judged(codes: list[int], state: State, word: str) -> None:
    body = [{"status_code": code, "status": "x"} for code in codes]
    judged = examine_deliveries(Answer(status=200, body=body))
    assert (judged.state, word in f"{judged.message} {judged.remedy}") == (state, True)


SOUND = {"redis_version": "7.0.15", "maxmemory_policy": "noeviction", "aof_enabled": 1, "maxmemory": 0}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, {}),
        ({"redis_version": "6.0.16"}, {"redis-version": State.FAULT}),
        ({"maxmemory_policy": "allkeys-lru", "maxmemory": 1}, {"redis-eviction": State.FAULT}),
        ({"maxmemory_policy": "allkeys-lru"}, {"redis-eviction": State.WARNING}),
        ({"aof_enabled": 0}, {"redis-persistence": State.FAULT}),
        ({"aof_last_write_status": "err"}, {"redis-persistence": State.FAULT}),
        (
            {"redis_version": None, "maxmemory_policy": None},
            dict.fromkeys(("redis-version", "redis-eviction"), State.UNKNOWN),
        ),
    ],
)
def test_redis_is_judged(changes: dict[str, Any], wrong: dict[str, State]) -> None:
    judged = queue_store.judged(SOUND | changes)
    assert {each.check: each.state for each in judged if each.state is not State.OK} == wrong
    assert all(each.remedy for each in judged if each.state is not State.OK)


@pytest.mark.parametrize(
    ("version", "state"),
    [
        ("git version 2.39.5", State.OK),
        ("git version 2.50.1 (Apple Git-155)", State.OK),
        ("git version 2.34.1", State.WARNING),
        (None, State.FAULT),
    ],
)
def test_git_is_judged(version: str | None, state: State) -> None:
    assert examine_git(version).state is state


def test_who_may_read_the_secrets_is_judged(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.touch(mode=0o600)
    given = settings.load({"GITHUB_PRIVATE_KEY_PATH": str(key), "DATA_FOLDER": str(tmp_path / "data")})
    assert examine_secrets(given).state is State.OK
    key.chmod(0o644)
    judged = examine_secrets(given)
    assert (judged.state, judged.remedy) == (State.FAULT, f"Run: chmod go-rwx {key}")


def test_the_data_folder_is_judged(tmp_path: Path) -> None:
    assert examine_data_folder(tmp_path / "new" / "folder").state is State.OK
    assert not (tmp_path / "new").exists()
    tmp_path.chmod(0o777)
    assert examine_data_folder(tmp_path).state is State.FAULT
    file = tmp_path / "file"
    file.touch()
    assert examine_data_folder(file).state is State.FAULT
