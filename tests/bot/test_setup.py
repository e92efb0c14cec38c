from __future__ import annotations

import re
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot import credentials
from bot.demo.github import LocalGitHub
from bot.demo.github.faults import Fault
from bot.registration import EVENTS, PERMISSIONS
from tests.bot.setting_up import ROOT, browser, described, registered, serving
from tests.github.fixtures import github

__all__ = ["github"]

SECURED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-frame-options": "DENY",
}


@pytest.mark.thorough
def test_from_nothing_to_a_required_check(github: LocalGitHub) -> None:
    repository = github.create_repository("octo-org/shop")
    head = github.push(repository, "main", {"README.md": "# Shop\n"}, "Begin")
    with serving(github) as serve, browser(serve.link()) as client:
        assert client.get("/readyz").status_code == 503
        assert client.post("/webhook", content=b"{}").status_code == 503
        assert client.get(serve.link()).status_code == 303
        shown = client.get(registered(github, client))
        assert (shown.status_code, "The App is registered" in shown.text) == (200, True)
        assert "PRIVATE KEY" not in shown.text
        serve.printed(r"(Listening for deliveries on )")
        kept = credentials.load(serve.folder / "data")
        assert kept is not None
        app = github.state.apps[kept.app_id]
        assert (kept.private_key, kept.webhook_secret) == (app.private_key, app.webhook_secret)
        assert app.webhook_url == f"{serve.link().partition('/setup')[0]}/webhook"
        assert (app.permissions, app.events) == (dict(PERMISSIONS), EVENTS)
        install = f"{github.url}/apps/{app.slug}/installations/new"
        assert f'href="{install}"' in shown.text
        back = httpx.post(install, data={"repositories": "octo-org/shop"}).headers["location"]
        until_ready(client)
        installed = client.get(back)
        assert (installed.status_code, "Make it a required check" in installed.text) == (200, True)
        (run,) = until_runs(github)
        assert (run.name, run.status, run.conclusion) == ("Backend Architect", "completed", "success")
        assert run.head_sha == head
        github.wait_for_deliveries(60)
        text = serve.log.read_text()
        assert [secret for secret in (app.webhook_secret, "PRIVATE KEY", "ghs_") if secret in text] == []
        files = {
            path: stat.S_IMODE(path.stat().st_mode)
            for path in credentials.folder(serve.folder / "data").iterdir()
        }
        assert set(files.values()) == {0o600}


def until_ready(client: httpx.Client) -> None:
    end = time.monotonic() + 90
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() < end, "never ready"
        time.sleep(0.1)


def until_runs(github: LocalGitHub) -> list[Any]:
    end = time.monotonic() + 90
    while True:
        with github.state.lock:
            runs = list(github.state.runs.values())
        if runs and all(run.status == "completed" for run in runs):
            return runs
        assert time.monotonic() < end, "no check run"
        time.sleep(0.1)


@pytest.mark.thorough
def test_credentials_are_shown_once_and_not_kept(github: LocalGitHub) -> None:
    with serving(github) as serve, browser(serve.link()) as client:
        client.get(serve.link())
        back = registered(github, client, keep="show", organization="octo-labs", name="Other Reviewer")
        shown = client.get(back)
        (app,) = github.state.apps.values()
        assert app.owner.login == "octo-labs"
        assert app.private_key in shown.text
        assert app.webhook_secret in shown.text
        assert shown.headers["cache-control"] == "no-store"
        assert serve.process.wait(60) == 0
        assert credentials.load(serve.folder / "data") is None
        assert "not kept: put them in the environment" in serve.log.read_text()
        assert "PRIVATE KEY" not in serve.log.read_text()


def test_the_page_opens_with_its_link_alone_and_once(github: LocalGitHub) -> None:
    with serving(github) as serve, browser(serve.link()) as client, browser(serve.link()) as stranger:
        assert [client.get(path).status_code for path in ("/setup", "/setup?token=x")] == [403, 403]
        entered = client.get(serve.link())
        assert (entered.status_code, entered.headers["location"]) == (303, "/setup")
        assert re.search(r"setup=\S+; HttpOnly; Path=/setup; SameSite=lax", entered.headers["set-cookie"])
        assert client.get(serve.link()).status_code == 303, "the browser that came in may use the link again"
        form = client.get("/setup")
        policy = form.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert SECURED.items() <= dict(form.headers).items()
        assert stranger.get(serve.link()).status_code == 403
        assert stranger.get(serve.link(number=2)).status_code == 303
        assert client.get("/setup").status_code == 200
        forged = client.post("/setup", data={"proof": "x", "public_url": "http://x.example.com"})
        assert forged.status_code == 403
        assert client.get("/setup/created?code=abc&state=abc").status_code == 403
        assert client.post("/setup", content=b"x" * 20_000).status_code == 415
        large = {"content-type": "application/x-www-form-urlencoded"}
        assert client.post("/setup", content=b"x" * 20_000, headers=large).status_code == 413
        wrong = described(client, public_url="ftp://x", name="", organization="-x-", keep="")
        assert wrong.status_code == 422
        assert wrong.text.count('aria-invalid="true"') == 3
        back = registered(github, client)
        assert stranger.get(back).status_code == 403
        assert client.get(back).status_code == 403, "a state works once, whoever uses it"
        assert github.state.manifest_codes, "no code was used for a stranger"
        answers = [stranger.get("/setup") for _ in range(60)]
        assert answers[-1].status_code == 429
        assert int(answers[-1].headers["retry-after"]) >= 1


@pytest.mark.thorough
def test_without_an_answer_of_github_the_way_back_can_be_tried_again(github: LocalGitHub) -> None:
    public = "https://architect.example.com"
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with serving(github, PUBLIC_URL=public, PORT=str(port)) as serve:
        link = serve.link().replace(public, f"http://127.0.0.1:{port}")
        with browser(link) as client:
            client.headers["Host"] = "architect.example.com"
            cookie = client.get(link).headers["set-cookie"]
            assert cookie.endswith("; Secure")
            client.headers["Cookie"] = cookie.partition(";")[0]
            back = registered(github, client)
            assert back.startswith(f"{public}/setup/created?")
            path = back.removeprefix(public)
            github.faults.next("POST", "/conversions$", Fault.BAD_GATEWAY)
            silent = client.get(path)
            assert (silent.status_code, "Reload this page" in silent.text) == (502, True)
            with github.state.lock:
                held, github.state.manifest_codes = github.state.manifest_codes, {}
            assert held
            lost = client.get(path)
            assert (lost.status_code, "GitHub gave no credentials" in lost.text) == (502, True)
            assert client.get(path).status_code == 403
            assert credentials.load(serve.folder / "data") is None


def test_a_role_alone_is_not_set_up(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-P", "-m", "bot", "serve", "--role", "receiver"],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "DATA_FOLDER": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 2
    assert "set-up page registers an App" in answer.stderr
