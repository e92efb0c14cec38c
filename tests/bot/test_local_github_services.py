"""Beside REST, the local GitHub serves git, sends webhooks, executes GraphQL and shows pages."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import os
import subprocess
import time
from pathlib import Path

import httpx
import jwt
import pytest
from graphql import GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType

from bot.demo.github import LocalGitHub
from bot.demo.github.graph.endpoint import schema
from bot.demo.github.page.markdown import render
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.repository import Repository
from tests.github.caller import Caller
from tests.github.fixtures import github
from tests.github.graphql import github_schema
from tests.github.receiver import Receiver, receiver

__all__ = ["github", "receiver"]

SECRET = "a webhook's secret"
THREADS = """
query($after: String) {
  repository(owner: "octo-org", name: "notes") {
    pullRequest(number: 1) {
      reviewThreads(first: 1, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id isResolved line comments(first: 1) { nodes { body isMinimized } } }
      }
    }
  }
}
"""
RESOLVE = "mutation($id: ID!) { resolveReviewThread(input: {threadId: $id}) { thread { isResolved } } }"


def proposed(github: LocalGitHub) -> tuple[Repository, PullRequest]:
    repository = github.create_repository("octo-org/notes", roles={"mira": "write"})
    github.push(repository, "main", {"notes.py": "one\ntwo\nthree\n"}, "First")
    github.push(repository, "change", {"notes.py": "one\n2\nthree\nfour\n"}, "Change <b>it</b>")
    return repository, github.open_pull_request(repository, "change", title="Change <it>", body="**Why**")


def git(folder: Path, token: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    settings = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "http.extraHeader",
        "GIT_CONFIG_VALUE_0": f"Authorization: Bearer {token}",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **settings}
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_git_clones_without_blobs_and_fetches_by_sha(github: LocalGitHub, tmp_path: Path) -> None:
    repository, pull = proposed(github)
    token = github.token(github.install(github.create_app(), repository)).value
    address = f"{github.url}/octo-org/notes.git"
    clone = git(tmp_path, token, "clone", "--bare", "--filter=blob:none", "--single-branch", address, "copy")
    assert clone.returncode == 0, clone.stderr
    missing = git(tmp_path / "copy", token, "rev-list", "--objects", "--missing=print", "HEAD").stdout
    assert missing.count("?") == 1
    fetch = git(tmp_path / "copy", token, "fetch", "origin", pull.head_sha, "refs/pull/1/head:refs/kept/1")
    assert fetch.returncode == 0, fetch.stderr
    kept = git(tmp_path / "copy", token, "rev-parse", "refs/kept/1").stdout.strip()
    assert kept == pull.head_sha


def test_git_needs_a_token_that_covers_the_repository(github: LocalGitHub, tmp_path: Path) -> None:
    repository, _ = proposed(github)
    other = github.create_repository("octo-org/other")
    installation = github.install(github.create_app(), repository, other)
    elsewhere = github.token(installation, other).value
    blind = github.token(installation, repository, permissions={"checks": "write"}).value
    address = f"{github.url}/octo-org/notes.git"
    for token in ("", "ghs_unknown", elsewhere, blind):
        assert git(tmp_path, token, "ls-remote", address).returncode != 0
    pushing = f"{address}/info/refs?service=git-receive-pack"
    good = github.token(installation, repository).value
    assert httpx.get(pushing, headers={"authorization": f"token {good}"}).status_code == 403


def test_pull_request_of_a_fork_is_kept_in_the_base(github: LocalGitHub) -> None:
    repository, _ = proposed(github)
    fork = github.fork(repository, "stranger")
    github.push(fork, "theirs", {"more.py": "x = 1\n"}, "More")
    pull = github.open_pull_request(repository, "theirs", title="From afar", fork=fork, by="stranger")
    caller = Caller(github.url, github.token(github.install(github.create_app(), repository)).value)
    found = caller.get(f"/repos/octo-org/notes/commits/{pull.head_sha}/pulls").json()
    assert [each["number"] for each in found] == [pull.number]
    run = caller.post("/repos/octo-org/notes/check-runs", {"name": "c", "head_sha": pull.head_sha}).json()
    assert run["pull_requests"] == []


def test_deliveries_are_signed_and_tell_what_happened(github: LocalGitHub, receiver: Receiver) -> None:
    app = github.create_app(webhook_url=receiver.url, webhook_secret=SECRET)
    repository = github.create_repository("octo-org/notes")
    github.push(repository, "main", {"a.py": "a = 1\n"}, "First")
    github.install(app, repository)
    github.push(repository, "change", {"a.py": "a = 2\n"}, "Second")
    pull = github.open_pull_request(repository, "change", title="Two", is_draft=True)
    mira = github.person("mira")
    mira.mark_ready(pull)
    github.push(repository, "change", {"a.py": "a = 3\n"}, "Third")
    mira.comment(pull, "/architect review")
    mira.close(pull)
    mira.reopen(pull)
    github.wait_for_deliveries()
    for headers, body in receiver.received:
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        assert headers["X-Hub-Signature-256"] == f"sha256={signature}"
        assert headers["X-GitHub-Hook-Installation-Target-ID"] == str(app.id)
    actions = [(each.event, each.action) for each in github.hub.deliveries if each.event != "check_suite"]
    assert actions == [
        ("installation", "created"),
        ("pull_request", "opened"),
        ("pull_request", "ready_for_review"),
        ("pull_request", "synchronize"),
        ("issue_comment", "created"),
        ("pull_request", "closed"),
        ("pull_request", "reopened"),
    ]


def test_redelivery_keeps_its_guid(github: LocalGitHub, receiver: Receiver) -> None:
    app = github.create_app(webhook_url=receiver.url, webhook_secret=SECRET)
    repository = github.create_repository("octo-org/notes")
    github.hub.lose_next()
    github.install(app, repository)
    assert receiver.received == []
    now = int(time.time())
    token = jwt.encode({"iss": str(app.id), "iat": now - 60, "exp": now + 300}, app.private_key, "RS256")
    caller = Caller(github.url, token)
    failed = caller.get("/app/hook/deliveries").json()
    assert [each["status_code"] for each in failed] == [502]
    assert caller.post(f"/app/hook/deliveries/{failed[0]['id']}/attempts").status_code == 202
    github.wait_for_deliveries()
    listed = caller.get("/app/hook/deliveries?per_page=1")
    assert (listed.json()[0]["redelivery"], listed.json()[0]["status_code"]) == (True, 202)
    older = caller.get(listed.links["next"]["url"]).json()
    assert [each["guid"] for each in older] == [failed[0]["guid"]] == [listed.json()[0]["guid"]]
    detail = caller.get(f"/app/hook/deliveries/{failed[0]['id']}").json()
    assert detail["request"]["payload"]["action"] == "created"


def test_checks_asked_for_again_reach_their_app_alone(github: LocalGitHub, receiver: Receiver) -> None:
    repository, pull = proposed(github)
    app = github.create_app(webhook_url=receiver.url)
    other = github.create_app("other", webhook_url=receiver.url)
    github.install(other, repository)
    caller = Caller(github.url, github.token(github.install(app, repository)).value)
    button = {"label": "Fix", "description": "Fix it", "identifier": "fix"}
    given = {"name": "c", "head_sha": pull.head_sha, "conclusion": "success", "actions": [button]}
    caller.post("/repos/octo-org/notes/check-runs", given)
    [run] = github.check_runs(pull)
    mira = github.person("mira")
    mira.rerequest_check_run(run)
    mira.rerequest_check_suite(run.suite)
    mira.request_action(run, "fix")
    asked = [each for each in github.hub.deliveries if each.action in ("rerequested", "requested_action")]
    assert [(each.event, each.app.slug) for each in asked] == [
        ("check_run", "backend-architect"),
        ("check_suite", "backend-architect"),
        ("check_run", "backend-architect"),
    ]
    assert (run.status, run.suite.status) == ("completed", "queued")


def test_threads_are_paged_and_resolved_with_write_to_contents(github: LocalGitHub) -> None:
    repository, pull = proposed(github)
    installation = github.install(github.create_app(), repository)
    caller = Caller(github.api_url, github.token(installation).value)
    comments = [{"path": "notes.py", "line": line, "body": f"Line {line}"} for line in (2, 4)]
    caller.post("/repos/octo-org/notes/pulls/1/reviews", {"event": "COMMENT", "comments": comments})
    first = caller.graphql(THREADS)["data"]["repository"]["pullRequest"]["reviewThreads"]
    assert first["pageInfo"]["hasNextPage"]
    second = caller.graphql(THREADS, after=first["pageInfo"]["endCursor"])
    [thread] = second["data"]["repository"]["pullRequest"]["reviewThreads"]["nodes"]
    assert (thread["line"], thread["comments"]["nodes"][0]["body"]) == (4, "Line 4")
    refused = caller.graphql(RESOLVE, id=thread["id"])
    assert refused["errors"][0]["type"] == "FORBIDDEN"
    stronger = github.create_app("stronger", permissions={"contents": "write", "pull_requests": "write"})
    able = Caller(github.url, github.token(github.install(stronger, repository)).value)
    resolved = able.graphql(RESOLVE, id=thread["id"])
    assert resolved["data"]["resolveReviewThread"]["thread"]["isResolved"]
    assert [each.resolved_by is not None for each in github.threads(pull)] == [False, True]


def test_schema_is_a_part_of_githubs() -> None:
    """What we serve has the types that GitHub publishes, so a valid operation here is one there."""
    fields = (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)
    theirs = github_schema().type_map
    compared = 0
    for name, ours in schema().type_map.items():
        if name.startswith("__") or not isinstance(ours, fields):
            continue
        published = theirs[name]
        assert isinstance(published, fields)
        for field, definition in ours.fields.items():
            assert str(definition.type) == str(published.fields[field].type), f"{name}.{field}"
            compared += 1
    assert compared > 100


def test_page_shows_the_review_and_nothing_of_it_as_markup(github: LocalGitHub) -> None:
    repository, pull = proposed(github)
    caller = Caller(github.url, github.token(github.install(github.create_app(), repository)).value)
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
    summary = table + "<details><summary>More</summary>\n\n<script>x</script>\n\n</details>"
    output = {"title": "One finding", "summary": summary}
    run = {"name": "Architect", "head_sha": pull.head_sha, "conclusion": "failure", "output": output}
    caller.post("/repos/octo-org/notes/check-runs", run)
    comment = {"path": "notes.py", "line": 2, "body": "Say it\n```suggestion\ntwo\n```\n"}
    caller.post("/repos/octo-org/notes/pulls/1/reviews", {"event": "COMMENT", "comments": [comment]})
    page = httpx.get(f"{github.url}/octo-org/notes/pull/1").text
    assert "Change &lt;it&gt;" in page
    assert "<details><summary>More</summary>" in page
    assert "<script" not in page
    assert '<div class="removed">- 2</div><div class="added">+ two</div>' in page
    assert "<td>1</td>" in page
    blob = httpx.get(f"{github.url}/octo-org/notes/blob/{pull.head_sha}/notes.py")
    assert 'id="L4"' in blob.text
    assert httpx.get(f"{github.url}/octo-org/notes/pull/9").status_code == 404


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=alert(1)>",
        "<details open onclick=x><b style='x'>y</b></details>",
        "[a](javascript:alert(1))",
        "<scr<b>ipt>alert(1)</script>",
        "```suggestion\n<iframe>\n```",
    ],
)
def test_markdown_lets_no_attribute_or_script_through(hostile: str) -> None:
    html = str(render(hostile, replaced=["<u>"]))
    tags = html.split("<")[1:]
    assert all(not tag.lower().startswith(("img", "script", "iframe", "u>")) for tag in tags)
    assert all("onclick" not in tag.split(">")[0] and "style" not in tag.split(">")[0] for tag in tags)
    assert 'href="javascript' not in html


def test_manifest_becomes_an_app_once(github: LocalGitHub) -> None:
    manifest = (
        '{"name": "Reviewer", "url": "https://example.com", "redirect_url": "https://example.com/made"%s}'
    )
    address = f"{github.url}/settings/apps/new?state=s"
    refused = httpx.post(address, data={"manifest": manifest % ', "default_events": ["installation"]'})
    assert (refused.status_code, "installation" in refused.text) == (422, True)
    asked = httpx.post(address, data={"manifest": manifest % ""})
    assert (asked.status_code, github.state.apps) == (200, {})
    made = httpx.post(address, data={"manifest": manifest % "", "name": "Ours", "confirmed": "1"})
    assert httpx.URL(made.headers["location"]).params["state"] == "s"
    code = httpx.URL(made.headers["location"]).params["code"]
    converted = httpx.post(f"{github.url}/app-manifests/{code}/conversions")
    assert converted.json()["pem"].startswith("-----BEGIN RSA PRIVATE KEY-----")
    assert httpx.post(f"{github.url}/app-manifests/{code}/conversions").status_code == 404


def test_a_manifest_code_lasts_an_hour(tmp_path: Path) -> None:
    now = [datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)]
    manifest = '{"name": "Late", "url": "https://example.com", "redirect_url": "https://example.com/made"}'
    with LocalGitHub(tmp_path, clock=lambda: now[0]) as github:
        fields = {"manifest": manifest, "name": "Late", "confirmed": "1"}
        made = httpx.post(f"{github.url}/settings/apps/new", data=fields)
        code = httpx.URL(made.headers["location"]).params["code"]
        now[0] += datetime.timedelta(hours=1)
        assert httpx.post(f"{github.url}/app-manifests/{code}/conversions").status_code == 404
