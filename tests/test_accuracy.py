"""The comparison of extracted facts with run-time truths, on small truths written out here."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from rules.inventory import (
    ColumnRecord,
    MiddlewareRecord,
    RouteInventory,
    RouteRecord,
    SchemaInventory,
    TableRecord,
)
from tools.accuracy.__main__ import main
from tools.accuracy.reasons import read_reasons
from tools.accuracy.routes import compare_routes, unqualified
from tools.accuracy.tables import compare_tables
from tools.accuracy.tally import Comparison, Tally
from tools.accuracy.targets import TARGETS
from tools.accuracy.truth import Truth, read_truth

ROUTE: dict[str, Any] = {
    "kind": "api",
    "path": "/items/{id}",
    "methods": ["GET"],
    "file": "app/items.py",
    "line": 10,
    "def_line": 13,
    "endpoint_module": "app.items",
    "endpoint_qualname": "timed.<locals>.inner",
    "unwrapped": "app.items.read",
    "status_code": None,
    "response_model": "list[app.models.Item]",
    "include_in_schema": True,
    "dependency_qualnames": ["app.deps.get_db", "fastapi.security.http.HTTPBearer"],
    "security_schemes": [{"class": "HTTPBearer"}],
}
RECORD = RouteRecord(
    app="app.main:app",
    methods=("GET",),
    path="/items/{id}/",
    name="read",
    handler="app.items.read",
    file="app/items.py",
    line=13,
    status_code=200,
    response_model="list[Item]",
    include_in_schema=True,
    dependencies=("app.deps.get_db", "fastapi.security.HTTPBearer"),
    security_schemes=("fastapi.security.HTTPBearer",),
    auth="required",
    privileged=False,
    scope="unknown",
    conditions=(),
    resolved=True,
)
COLUMN: dict[str, Any] = {
    "name": "owner_id",
    "type_class": "Uuid",
    "nullable": False,
    "primary_key": False,
    "unique": None,
    "index": True,
    "foreign_keys": [{"target": "user.id"}],
}


def truth(tmp_path: Path, **parts: Any) -> Truth:
    whole: dict[str, Any] = {"target": "app.main:app", "fastapi": "0.115.0", "python": "3.11.0"}
    whole |= {"routes": [], "middleware": [], "tables": {}, **parts}
    path = tmp_path / "truth.json"
    path.write_text(json.dumps(whole))
    return read_truth(path)


def record(**changes: Any) -> RouteRecord:
    fields = {name: getattr(RECORD, name) for name in RECORD.__struct_fields__}
    return RouteRecord(**fields | changes)


def routes(tmp_path: Path, true: list[dict[str, Any]], said: list[RouteRecord]) -> Comparison:
    return compare_routes(truth(tmp_path, routes=true), RouteInventory(routes=tuple(said)))


def right(comparison: Comparison) -> dict[str, bool]:
    return {
        fact: tally.matched == tally.truth == tally.extracted for fact, tally in comparison.tallies.items()
    }


def test_two_ways_to_say_the_same_of_a_route_agree(tmp_path: Path) -> None:
    comparison = routes(tmp_path, [ROUTE], [RECORD])
    assert all(right(comparison).values())
    assert comparison.tallies["dependencies"] == Tally(2, 2, 2)
    assert comparison.differences == ()


@pytest.mark.parametrize(
    ("fact", "change"),
    [
        ("handlers", {"handler": "app.other.read"}),
        ("lines", {"line": 12}),
        ("status codes", {"status_code": 201}),
        ("response models", {"response_model": "Item"}),
        ("schema inclusion", {"include_in_schema": False}),
        ("security schemes", {"security_schemes": ()}),
        ("dependencies", {"dependencies": ("app.deps.get_db",)}),
        ("routes", {"path": "/item/{id}"}),
        ("routes", {"methods": ("GET", "HEAD")}),
    ],
)
def test_each_fact_is_held_against_the_truth(tmp_path: Path, fact: str, change: dict[str, Any]) -> None:
    comparison = routes(tmp_path, [ROUTE], [record(**change)])
    wrong = {name for name, is_right in right(comparison).items() if not is_right}
    assert fact in wrong
    assert fact in {difference.fact for difference in comparison.differences}


@pytest.mark.parametrize(("line", "is_right"), [(9, True), (11, True), (13, True), (12, False), (15, False)])
def test_a_line_is_near_the_decorator_or_is_that_of_the_definition(
    tmp_path: Path, line: int, *, is_right: bool
) -> None:
    assert right(routes(tmp_path, [ROUTE], [record(line=line)]))["lines"] is is_right


def test_the_application_that_shares_most_counts(tmp_path: Path) -> None:
    other = record(app="tools:app", path="/other")
    comparison = routes(tmp_path, [ROUTE], [other, RECORD])
    assert comparison.tallies["routes"] == Tally(1, 1, 1)


def test_applications_that_only_together_serve_the_truth_count_together(tmp_path: Path) -> None:
    mounted = ROUTE | {"path": "/sub/x"}
    said = [RECORD, record(app="app.sub:app", path="/sub/x"), record(app="tools:app", path="/other")]
    assert routes(tmp_path, [ROUTE, mounted], said).tallies["routes"] == Tally(2, 2, 3)


def test_routes_of_libraries_count_in_a_row_of_their_own(tmp_path: Path) -> None:
    library = ROUTE | {"path": "/auth/login", "file": "<site>/library/router.py"}
    unsaid = ROUTE | {"path": "/auth/logout", "file": "<site>/library/router.py"}
    comparison = routes(tmp_path, [ROUTE, library, unsaid], [RECORD, record(path="/auth/login")])
    assert comparison.tallies["routes"] == Tally(1, 1, 2)
    assert comparison.tallies["routes, libraries' too"] == Tally(2, 2, 2)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (None, "None"),
        ("list[app.models.Item]", "list[Item]"),
        ("dict[str, typing.Any]", "dict[str,Any]"),
        ("app.models.Page[app.models.Item] | None", "Page[Item]|None"),
    ],
)
def test_module_paths_and_blanks_do_not_count_in_a_type(model: str | None, expected: str) -> None:
    assert unqualified(model) == expected


@pytest.mark.parametrize(
    ("orders", "is_right"),
    [
        ([("CORSMiddleware", "BaseHTTPMiddleware")], True),
        ([(), ("starlette.CORSMiddleware", "BaseHTTPMiddleware:timing")], True),
        ([("BaseHTTPMiddleware", "CORSMiddleware")], False),
        ([()], False),
    ],
)
def test_middleware_is_right_in_order(
    tmp_path: Path, orders: list[tuple[str, ...]], *, is_right: bool
) -> None:
    stack = [{"class": "CORSMiddleware"}, {"class": "BaseHTTPMiddleware:log.<locals>.timing"}]
    true = truth(
        tmp_path, middleware=[{"app": "", "middleware": stack}, {"app": "/sub", "middleware": stack[:1]}]
    )
    said = RouteInventory(middleware=tuple(MiddlewareRecord("app.main:app", order) for order in orders))
    assert right(compare_routes(true, said))["middleware order"] is is_right


def column(**changes: Any) -> ColumnRecord:
    plain: dict[str, Any] = {"name": "owner_id", "type": "UUID", "nullable": False, "primary_key": False}
    plain |= {"unique": False, "index": True, "foreign_key": "user.id"}
    return ColumnRecord(**plain | changes)


@pytest.mark.parametrize(
    ("wrong", "change"),
    [
        (set(), {}),
        ({"types"}, {"type": "String(32)"}),
        ({"nullable"}, {"nullable": True}),
        ({"primary key"}, {"primary_key": True}),
        ({"unique"}, {"unique": True}),
        ({"index"}, {"index": False}),
        ({"foreign key"}, {"foreign_key": None}),
        ({"columns"}, {"name": "owner"}),
    ],
)
def test_each_fact_of_a_column_is_held_against_the_truth(
    tmp_path: Path, wrong: set[str], change: dict[str, Any]
) -> None:
    true = truth(tmp_path, tables={"item": {"columns": [COLUMN]}})
    table = TableRecord(name="item", model="app.Item", file="app.py", line=1, columns=(column(**change),))
    comparison = compare_tables(true, SchemaInventory(tables=(table,)))
    assert {fact for fact, is_right in right(comparison).items() if not is_right} == wrong


def test_a_share_of_nothing_is_whole() -> None:
    assert (Tally().recall, Tally().precision) == (1.0, 1.0)
    assert Tally(1, 2, 4).recall == 0.5
    assert Tally(1, 2, 4) + Tally(1, 1, 1) == Tally(2, 3, 5)


PING = """from fastapi import FastAPI

app = FastAPI()


@app.get("/ping")
def ping() -> str:
    return ""
"""


def measurable(folder: Path, path: str) -> list[str]:
    """A project of one route `/ping`, with a truth that says `path`; the command that measures it."""
    (folder / "projects" / "someone__shop" / "backend").mkdir(parents=True)
    (folder / "projects" / "someone__shop" / "backend" / "main.py").write_text(PING)
    route = ROUTE | {"path": path, "line": 6, "def_line": 7, "endpoint_module": "main"}
    route |= {"endpoint_qualname": "ping", "response_model": "str"}
    route |= {"dependency_qualnames": [], "security_schemes": []}
    whole: dict[str, Any] = {"target": "main:app", "fastapi": "0.115.0", "python": "3.11.0"}
    whole |= {"tables": {}, "middleware": [], "routes": [route]}
    (folder / "truth").mkdir()
    (folder / "truth" / "someone__shop.json").write_text(json.dumps(whole))
    listed = {"repo": "someone/shop", "source": "git", "commit": "0" * 40, "import": {"root": "backend"}}
    (folder / "projects.json").write_text(json.dumps([listed]))
    arguments = {"--truth": "truth", "--projects": "projects", "--output": "accuracy.md"}
    return [part for option, name in arguments.items() for part in (option, str(folder / name))]


def test_the_command_measures_projects_and_writes_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(measurable(tmp_path, "/ping")) == 0
    page = (tmp_path / "accuracy.md").read_text()
    assert "| routes | operations: method and full path | 1 / 1 / 1 | 1.000 | 1.000 |" in page
    assert "missed: nothing" in capsys.readouterr().out


def test_a_missed_target_is_told_by_the_exit_code_and_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(measurable(tmp_path, "/pong")) == 1
    page = (tmp_path / "accuracy.md").read_text()
    assert "- someone/shop, routes 0 / 1 / 1: not explained yet" in page
    assert "routes: operations: truth missing GET /pong; said extra GET /ping" in capsys.readouterr().out


def test_a_truth_may_be_compressed(tmp_path: Path) -> None:
    plain = tmp_path / "plain.json"
    measurable(tmp_path, "/ping")
    plain.write_bytes((tmp_path / "truth" / "someone__shop.json").read_bytes())
    packed = tmp_path / "packed.json.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_truth(packed) == read_truth(plain)
    assert read_truth(packed).routes[0].path == "/ping"


def test_what_is_not_there_is_told_on_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--truth", str(tmp_path / "truth"), "--projects", str(tmp_path)]) == 2
    assert "projects.json" in capsys.readouterr().err


def test_every_reason_names_a_kind_of_fact_that_is_measured() -> None:
    assert {reason.fact for reason in read_reasons()} <= {target.fact for target in TARGETS}
