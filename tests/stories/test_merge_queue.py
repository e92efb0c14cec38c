"""Merge groups: what two pull requests make together that neither makes alone."""

from __future__ import annotations

import pytest

from bot.demo.github.checks import CheckRun
from bot.demo.github.pull_request import PullRequest
from tests.service.running import Service, until
from tests.service.subject import CONFIGURATION, NAMES, Files
from tests.stories.stage import told

pytestmark = pytest.mark.thorough

MAIN = """\
from fastapi import FastAPI

from app import deps, orders

app = FastAPI()
app.include_router(orders.router)
"""
ORDERS = """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/orders/latest")
def read_latest() -> int:
    return 0
"""
DEPS = """\
def page_size() -> int:
    return 10


def page_start() -> int:
    return 0
"""
BY_ID = """

@router.get("/orders/{order_id}")
def read_order(order_id: int) -> int:
    return order_id
"""
FIRST = """\
from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("item", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("item")
"""


def added(revision: str, column: str) -> str:
    """A migration after the first."""
    return f"""\
from alembic import op
import sqlalchemy as sa

revision = "{revision}"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("item", sa.Column("{column}", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("item", "{column}")
"""


START: Files = {
    ".github/backend-architect.yml": CONFIGURATION,
    "app/__init__.py": "",
    "app/main.py": MAIN,
    "app/orders.py": ORDERS,
    "app/deps.py": DEPS,
    "alembic.ini": "[alembic]\nscript_location = migrations\n",
    "migrations/env.py": "",
    "migrations/versions/0001_first.py": FIRST,
}


def queue(service: Service, *changes: Files) -> list[tuple[PullRequest, str]]:
    """A pull request for each change, all from the same main, and the head of its group in the queue."""
    repository, _ = service.install(f"octo-org/{next(NAMES)}")
    service.github.push(repository, "main", START, "start")
    pulls = []
    for number, change in enumerate(changes):
        branch = f"feature-{number}"
        service.github.push(repository, branch, change, "change", onto="main")
        pulls.append(service.github.open_pull_request(repository, branch, title=branch, by="jon"))
    service.settle()
    return [(pull, service.github.person("mira").enqueue(pull)) for pull in pulls]


def runs(service: Service, pull: PullRequest, sha: str) -> list[CheckRun]:
    with service.github.state.lock:
        held = [run for run in service.github.state.runs.values() if run.suite.repository is pull.repository]
    return [run for run in held if run.head_sha == sha]


def concluded(service: Service, pull: PullRequest, sha: str) -> CheckRun:
    """The completed check run on a group's head."""
    until(lambda: [run for run in runs(service, pull, sha) if run.conclusion], "the group is reviewed")
    service.settle()
    (run,) = runs(service, pull, sha)
    return run


def test_routes_of_two_pull_requests_that_collide_stop_the_second(service: Service) -> None:
    one, other = queue(
        service,
        {"app/orders.py": ORDERS.replace('@router.get("/orders/latest")', '@router.get("/orders/{key}")')},
        {"app/main.py": MAIN + '\n\n@app.get("/orders/oldest")\ndef read_oldest() -> int:\n    return 1\n'},
    )
    assert concluded(service, *one).conclusion == "success"
    run = concluded(service, *other)
    assert run.conclusion == "failure"
    assert "BA204" in told(run)
    assert service.github.review_comments(other[0]) == []


def test_two_migration_heads_stop_the_second(service: Service) -> None:
    first, second = queue(
        service,
        {"migrations/versions/0002_size.py": added("0002", "size")},
        {"migrations/versions/0002_weight.py": added("0003", "weight")},
    )
    assert concluded(service, *first).conclusion == "success"
    run = concluded(service, *second)
    assert run.conclusion == "failure"
    assert "heads" in told(run)


def test_a_dependency_that_one_removes_and_the_other_uses_stops_the_second(service: Service) -> None:
    use = f"{MAIN}\n\n@app.get('/page')\ndef read_page(start: int = Depends(deps.page_start)) -> int:\n"
    first, second = queue(
        service,
        {"app/deps.py": DEPS.partition("\n\ndef page_start")[0] + "\n"},
        {"app/main.py": use.replace("import FastAPI", "import Depends, FastAPI") + "    return start\n"},
    )
    assert concluded(service, *first).conclusion == "success"
    run = concluded(service, *second)
    assert run.conclusion == "failure"
    assert "page_start" in told(run)


def test_what_the_pull_request_was_told_itself_does_not_count_again(service: Service) -> None:
    (only,) = queue(service, {"app/orders.py": ORDERS.replace("/latest", "/{key}") + BY_ID})
    pull, head = only
    assert service.github.check_runs(pull)[-1].conclusion == "failure"
    run = concluded(service, pull, head)
    assert run.conclusion == "success"
    assert "Nothing that comes of merging" in told(run)


def test_a_re_run_of_a_group_is_a_new_check_run(service: Service) -> None:
    (only,) = queue(service, {"app/deps.py": DEPS + "\n\nLARGEST = 100\n"})
    pull, head = only
    run = concluded(service, pull, head)
    service.github.person("mira").rerequest_check_run(run)
    until(lambda: len(runs(service, pull, head)) == 2, "the group has a second check run")
    service.settle()
    assert [each.conclusion for each in runs(service, pull, head)] == ["success", "success"]
