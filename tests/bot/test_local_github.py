"""The local GitHub is as strict as GitHub: credentials, scope, anchors, check runs, sizes, faults."""

from __future__ import annotations

import time
from typing import Any

import httpx
import jwt
import pytest

from bot.demo.github import Fault, LocalGitHub
from bot.demo.github.accounts import App
from tests.github.caller import Caller
from tests.github.fixtures import github
from tests.github.scene import CHANGED, Scene, scene

__all__ = ["github", "scene"]


def app_token(app: App, *, issued: int = -60, expires: int = 540, key: str | None = None) -> str:
    now = int(time.time())
    claims = {"iss": app.client_id, "iat": now + issued, "exp": now + expires}
    return jwt.encode(claims, key or app.private_key, algorithm="RS256")


def as_app(github: LocalGitHub, token: str) -> Caller:
    return Caller(github.url, token)


def test_app_token_is_verified(scene: Scene) -> None:
    stranger = scene.github.create_app("stranger")
    assert as_app(scene.github, app_token(scene.app)).get("/app").json()["slug"] == "backend-architect"
    for bad in (
        app_token(scene.app, key=stranger.private_key),
        app_token(scene.app, expires=-1),
        app_token(scene.app, expires=900),
        app_token(scene.app, issued=300),
        "nonsense",
    ):
        assert as_app(scene.github, bad).get("/app").status_code == 401


def test_installation_token_covers_what_it_was_narrowed_to(scene: Scene) -> None:
    other = scene.github.create_repository("octo-org/other")
    scene.installation.repository_ids.add(other.id)
    address = f"/app/installations/{scene.installation.id}/access_tokens"
    client = as_app(scene.github, app_token(scene.app))
    answer = client.post(address, json={"repository_ids": [other.id], "permissions": {"checks": "read"}})
    excessive = client.post(address, json={"permissions": {"administration": "write"}})
    foreign = client.post(address, json={"repository_ids": [999_999]})
    assert answer.status_code == 201
    assert "." not in answer.json()["expires_at"]
    assert [each["id"] for each in answer.json()["repositories"]] == [other.id]
    assert (excessive.status_code, foreign.status_code) == (422, 422)
    narrowed = as_app(scene.github, answer.json()["token"])
    assert narrowed.get("/repos/octo-org/other").status_code == 200
    assert narrowed.get("/repos/octo-org/notes").status_code == 404
    refused = narrowed.get("/repos/octo-org/other/pulls")
    assert (refused.status_code, refused.json()["message"]) == (403, "Resource not accessible by integration")


def test_token_of_another_app_changes_nothing(scene: Scene) -> None:
    other = scene.github.create_app("other")
    token = scene.github.token(scene.github.install(other, scene.repository)).value
    run = scene.check_run().json()
    answer = as_app(scene.github, token).patch(
        f"/repos/octo-org/notes/check-runs/{run['id']}", json={"name": "x"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "anchor",
    [
        {"line": 5},
        {"line": 6, "side": "RIGHT"},
        {"line": 5, "side": "LEFT"},
        {"line": 6, "start_line": 5, "start_side": "RIGHT"},
        {"line": 6, "start_line": 5, "start_side": "LEFT"},
        {"line": 9},
    ],
)
def test_review_takes_a_place_in_the_diff(scene: Scene, anchor: dict[str, Any]) -> None:
    answer = scene.reviewing({"path": "notes.txt", "body": "Here", **anchor})
    assert answer.status_code == 200, answer.text
    listed = scene.client.get("/repos/octo-org/notes/pulls/1/comments").json()
    assert [comment["line"] for comment in listed] == [anchor["line"]]


@pytest.mark.parametrize(
    "anchor",
    [
        {"line": 20},
        {"line": 5, "side": "MIDDLE"},
        {"line": 4, "side": "LEFT"},
        {"line": 5, "start_line": 5},
        {"line": 5, "start_line": 6},
        {"line": 31, "start_line": 5},
        {"line": 5, "path": "absent.txt"},
        {"subject_type": "file"},
    ],
)
def test_one_bad_anchor_refuses_the_whole_review(scene: Scene, anchor: dict[str, Any]) -> None:
    good = {"path": "notes.txt", "line": 5, "body": "Good"}
    answer = scene.reviewing(good, {"path": "notes.txt", "body": "Bad", **anchor})
    assert answer.status_code == 422
    assert scene.github.review_comments(scene.pull) == []
    assert scene.github.reviews(scene.pull) == []


def test_file_comment_and_reply(scene: Scene) -> None:
    comments = "/repos/octo-org/notes/pulls/1/comments"
    given = {"path": "new.txt", "body": "The file", "commit_id": scene.pull.head_sha, "subject_type": "file"}
    first = scene.client.post(comments, json=given)
    assert first.status_code == 201
    assert first.json()["subject_type"] == "file"
    answer = scene.client.post(f"{comments}/{first.json()['id']}/replies", json={"body": "Fixed"})
    assert answer.json()["in_reply_to_id"] == first.json()["id"]
    unknown = scene.client.post(comments, json={**given, "commit_id": "0" * 40})
    assert unknown.status_code == 422


def test_comment_follows_its_line_or_goes_out_of_date(scene: Scene) -> None:
    place = {"path": "notes.txt", "body": "Here"}
    assert scene.reviewing({**place, "line": 5}, {**place, "line": 6}).status_code == 200
    pushed = CHANGED.replace("line 1\n", "line 0\nline 1\n").replace("and a half", "and three quarters")
    scene.github.push(scene.repository, "change", {"notes.txt": pushed}, "More")
    listed = scene.client.get("/repos/octo-org/notes/pulls/1/comments").json()
    assert [(each["line"], each["original_line"]) for each in listed] == [(6, 5), (None, 6)]
    assert listed[0]["commit_id"] == scene.pull.head_sha


def test_check_run_goes_one_way(scene: Scene) -> None:
    run = scene.check_run(status="queued", external_id="attempt-1").json()
    own = f"/repos/octo-org/notes/check-runs/{run['id']}"
    assert scene.client.patch(own, json={"status": "in_progress"}).json()["status"] == "in_progress"
    assert scene.client.patch(own, json={"status": "completed"}).status_code == 422
    annotation = {
        "path": "new.txt",
        "start_line": 1,
        "end_line": 1,
        "annotation_level": "failure",
        "message": "No",
    }
    output = {"title": "T", "summary": "S", "annotations": [annotation] * 50}
    assert scene.client.patch(own, json={"output": output}).status_code == 200
    done = scene.client.patch(
        own, json={"conclusion": "failure", "output": {**output, "annotations": [annotation]}}
    )
    assert (done.json()["status"], done.json()["output"]["annotations_count"]) == ("completed", 51)
    assert len(scene.client.get(f"{own}/annotations", params={"per_page": 100}).json()) == 51
    assert scene.client.patch(own, json={"status": "in_progress"}).status_code == 422
    runs = f"/repos/octo-org/notes/commits/{scene.pull.head_sha}/check-runs"
    found = scene.client.get(runs, params={"check_name": "Backend Architect", "app_id": scene.app.id}).json()
    assert [each["id"] for each in found["check_runs"]] == [run["id"]]
    assert found["check_runs"][0]["pull_requests"][0]["number"] == 1


def test_sizes_that_github_refuses(scene: Scene) -> None:
    annotation = {"path": "a", "start_line": 1, "end_line": 1, "annotation_level": "notice", "message": "m"}
    button = {"label": "Fix", "description": "Fix it", "identifier": "fix"}
    for fields in (
        {"output": {"title": "T", "summary": "S", "annotations": [annotation] * 51}},
        {"output": {"title": "T", "summary": "s" * 65_536}},
        {"output": {"title": "T", "summary": "S", "text": "s" * 65_536}},
        {"actions": [button] * 4},
        {"actions": [{**button, "label": "l" * 21}]},
        {"head_sha": "0" * 40},
    ):
        assert scene.check_run(**fields).status_code == 422
    assert scene.check_run(output={"title": "T", "summary": "s" * 65_535}).status_code == 201
    comments = "/repos/octo-org/notes/issues/1/comments"
    assert scene.client.post(comments, json={"body": "c" * 65_537}).status_code == 422
    assert scene.client.post(comments, json={"body": "c" * 65_536}).status_code == 201


def test_reactions(scene: Scene) -> None:
    comment = scene.github.person("maintainer").comment(scene.pull, "/architect review")
    reactions = f"/repos/octo-org/notes/issues/comments/{comment.id}/reactions"
    first = scene.client.post(reactions, json={"content": "eyes"})
    again = scene.client.post(reactions, json={"content": "eyes"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert scene.client.post(reactions, json={"content": "shrug"}).status_code == 422
    assert scene.client.delete(f"{reactions}/{first.json()['id']}").status_code == 204
    assert scene.client.get(reactions).json() == []


def test_lists_come_in_pages(scene: Scene) -> None:
    for number in range(5):
        scene.github.person("maintainer").comment(scene.pull, f"Comment {number}")
    address: str | None = f"{scene.github.url}/repos/octo-org/notes/issues/1/comments?per_page=2"
    bodies: list[str] = []
    while address:
        answer = scene.client.get(address)
        bodies += [comment["body"] for comment in answer.json()]
        address = answer.links.get("next", {}).get("url")
    assert bodies == [f"Comment {number}" for number in range(5)]


def test_unchanged_answer_is_304(scene: Scene) -> None:
    first = scene.client.get("/repos/octo-org/notes/pulls/1")
    again = scene.client.get(
        "/repos/octo-org/notes/pulls/1", headers={"if-none-match": first.headers["etag"]}
    )
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


@pytest.mark.parametrize(
    "address",
    [
        "/repos/octo-org/notes",
        "/repos/octo-org/notes/pulls",
        "/repos/octo-org/notes/pulls/1",
        "/repos/octo-org/notes/pulls/1/files",
        "/repos/octo-org/notes/pulls/1/reviews",
        "/repos/octo-org/notes/commits/change/pulls",
        "/repos/octo-org/notes/commits/change",
        "/repos/octo-org/notes/commits/change/check-suites",
        "/repos/octo-org/notes/contents/notes.txt?ref=change",
        "/repos/octo-org/notes/contents/",
        "/repos/octo-org/notes/compare/main...change",
        "/repos/octo-org/notes/branches/change",
        "/repos/octo-org/notes/git/ref/heads/change",
        "/repos/octo-org/notes/collaborators/maintainer/permission",
        "/installation/repositories",
        "/rate_limit",
    ],
)
def test_reads_are_as_github_describes_them(scene: Scene, address: str) -> None:
    assert scene.client.get(address).status_code == 200
    assert as_app(scene.github, "ghs_unknown").get(address).status_code == 401


def test_maintainer_has_write_in_the_legacy_form(scene: Scene) -> None:
    found = scene.client.get("/repos/octo-org/notes/collaborators/maintainer/permission").json()
    assert (found["permission"], found["role_name"]) == ("write", "maintain")


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault.SERVER_ERROR, 500),
        (Fault.BAD_GATEWAY, 502),
        (Fault.RETRY_AFTER, 403),
        (Fault.SECONDARY, 403),
        (Fault.TOO_MANY, 429),
        (Fault.ABUSE, 422),
        (Fault.UNAUTHORIZED, 401),
    ],
)
def test_planned_fault_happens_once_and_does_nothing(scene: Scene, fault: Fault, status: int) -> None:
    scene.github.faults.next("POST", "/check-runs$", fault, seconds=7)
    answer = scene.check_run()
    assert answer.status_code == status
    assert scene.github.check_runs(scene.pull) == []
    assert answer.headers.get("retry-after") == ("7" if fault is Fault.RETRY_AFTER else None)
    assert scene.check_run().status_code == 201


@pytest.mark.parametrize(("fault", "written"), [(Fault.DROP_BEFORE, 0), (Fault.DROP_AFTER, 1)])
def test_connection_is_cut_before_or_after_the_write(scene: Scene, fault: Fault, written: int) -> None:
    scene.github.faults.next("POST", "/check-runs$", fault)
    with pytest.raises(httpx.TransportError):
        scene.check_run()
    assert len(scene.github.check_runs(scene.pull)) == written
    assert [entry.status for entry in scene.github.log.entries("POST", "/check-runs")] == [0]
