"""Check runs and their annotations."""

from __future__ import annotations

import msgspec

from bot import registration
from bot.buttons import Button
from bot.github.connection import Connection
from bot.posts import Annotation, Output

CHECK_NAME = registration.CHECK_NAME


class AppRecord(msgspec.Struct, frozen=True):
    """The App that made a check run."""

    id: int
    slug: str = ""


class CheckRun(msgspec.Struct, frozen=True):
    """A check run as GitHub holds it; `status` completed is final."""

    id: int
    head_sha: str
    status: str
    conclusion: str | None = None
    external_id: str | None = None
    html_url: str | None = None
    app: AppRecord | None = None

    @property
    def completed(self) -> bool:
        """Whether the run is closed for good."""
        return self.status == "completed"


def check_runs(connection: Connection, sha: str) -> tuple[CheckRun, ...]:
    """The App's own runs of our check on a commit, oldest first."""
    found = connection.pages(f"/commits/{sha}/check-runs", "check_runs", check_name=CHECK_NAME, filter="all")
    runs = msgspec.convert(list(found), list[CheckRun])
    own = connection.app.app_id
    mine = [run for run in runs if run.app is None or not own.isdigit() or run.app.id == int(own)]
    return tuple(sorted(mine, key=lambda run: run.id))


def check_run(connection: Connection, run: int) -> CheckRun:
    """One run by its id."""
    return msgspec.convert(connection.read(f"/check-runs/{run}"), CheckRun)


def create_check_run(connection: Connection, sha: str, external_id: str) -> CheckRun:
    """A queued run; where the answer is lost, the one with this `external_id` is found again."""
    body = {"name": CHECK_NAME, "head_sha": sha, "external_id": external_id, "status": "queued"}

    def find() -> CheckRun | None:
        runs = check_runs(connection, sha)
        return next((run for run in runs if run.external_id == external_id), None)

    def create() -> CheckRun:
        return msgspec.convert(connection.send("POST", "/check-runs", body), CheckRun)

    return connection.settle(create, find)


def start_check_run(connection: Connection, run: int) -> CheckRun:
    """Show the run as in progress. Sending it twice changes nothing."""
    body = {"status": "in_progress"}

    def start() -> CheckRun:
        return msgspec.convert(connection.send("PATCH", f"/check-runs/{run}", body), CheckRun)

    def find() -> CheckRun | None:
        found = check_run(connection, run)
        return found if found.status != "queued" else None

    return connection.settle(start, find)


def complete_check_run(
    connection: Connection, run: int, conclusion: str, output: Output, buttons: tuple[Button, ...] = ()
) -> CheckRun:
    """Close the run for good."""
    body = {
        "status": "completed",
        "conclusion": conclusion,
        "output": msgspec.to_builtins(output),
        **({"actions": msgspec.to_builtins(buttons)} if buttons else {}),
    }

    def complete() -> CheckRun:
        return msgspec.convert(connection.send("PATCH", f"/check-runs/{run}", body), CheckRun)

    def find() -> CheckRun | None:
        found = check_run(connection, run)
        return found if found.completed else None

    return connection.settle(complete, find)


def shown_annotations(connection: Connection, run: int) -> tuple[Annotation, ...]:
    """What is annotated already."""
    found = connection.pages(f"/check-runs/{run}/annotations")
    return tuple(msgspec.convert(list(found), list[Annotation]))


def annotate(connection: Connection, run: int, output: Output, batch: tuple[Annotation, ...]) -> None:
    """Append at most 50 annotations: GitHub adds them to those it has, so this is never repeated blindly."""
    shown = {"title": output.title, "summary": output.summary}
    body = {"output": {**shown, "annotations": msgspec.to_builtins(batch)}}

    def append() -> bool:
        connection.send("PATCH", f"/check-runs/{run}", body)
        return True

    def find() -> bool | None:
        return True if set(batch) <= set(shown_annotations(connection, run)) else None

    connection.settle(append, find)
