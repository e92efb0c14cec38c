"""What a repository's configuration says of access and data is what the model knows."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import rules
from rules.configuration import Options
from rules.configuration.options import Auth, AuthMode
from rules.project.project import Project
from rules.source import SourceFile
from rules.verdict import Review

SHOP = """
from typing import Annotated
from fastapi import Depends, FastAPI, Request
from sqlmodel import Field, Session, SQLModel, select
from vendor import check_badge, engine, staff_only

app = FastAPI()


class Person(SQLModel, table=True):
    id: int = Field(primary_key=True)
    badge: str


class Parcel(SQLModel, table=True):
    id: int = Field(primary_key=True)
    holder: int
    label: str


def get_db():
    with Session(engine) as session:
        yield session


Db = Annotated[Session, Depends(get_db)]


def visitor(request: Request):
    return request.client


@app.get("/parcels")
def list_parcels(db: Db, who: Annotated[object, Depends(visitor)]):
    return db.exec(select(Parcel)).all()


@app.delete("/parcels/{id}")
def drop_parcel(id: int, db: Db):
    db.delete(db.get_one(Parcel, id))
    db.commit()


@app.get("/stock", dependencies=[Depends(check_badge)])
def stock(db: Db):
    return db.exec(select(Parcel.label)).all()


@app.post("/stock", dependencies=[Depends(staff_only)])
def fill(db: Db):
    db.add(Parcel(holder=1, label=""))
    db.commit()
"""


def project(files: Mapping[str, str], options: Options) -> Project:
    return Project({path: SourceFile(path, text.encode()) for path, text in files.items()}, options)


def review(files: Mapping[str, str], options: Options) -> Review:
    tree = {path: text.encode() for path, text in files.items()}
    return rules.review_trusted(tree, options, cache=rules.NoCache())


def access(options: Options) -> dict[str, tuple[str, bool]]:
    """`auth` and `privileged` of each route of the shop."""
    records = project({"main.py": SHOP}, options).route_inventory().routes
    return {f"{r.methods[0]} {r.path}": (r.auth, r.privileged) for r in records}


def found(options: Options, rule: str, files: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Path and line's text of a rule's findings."""
    texts = files or {"main.py": SHOP}
    return [
        (finding.path, texts[finding.path].splitlines()[finding.line - 1].strip())
        for finding in review(texts, options).findings
        if finding.rule == rule
    ]


# --- auth ---


def test_a_dependency_from_outside_is_unknown_until_the_configuration_names_it() -> None:
    assert access(Options())["GET /stock"] == ("unknown", False)
    named = Options(auth=Auth(authenticating=("vendor.check_badge",)))
    assert access(named)["GET /stock"] == ("required", False)
    assert access(named)["POST /stock"] == ("unknown", False)


def test_a_named_admin_dependency_demands_privilege() -> None:
    assert access(Options(auth=Auth(admin=("vendor.staff_only",))))["POST /stock"] == ("required", True)


def test_a_named_optional_dependency_lets_anonymous_requests_in() -> None:
    assert access(Options())["GET /parcels"] == ("none", False)
    assert access(Options(auth=Auth(optional=("main.visitor",))))["GET /parcels"] == ("optional", False)


def test_a_gateway_authenticates_every_route() -> None:
    answers = access(Options(auth=Auth(mode=AuthMode.GATEWAY)))
    assert {auth for auth, _ in answers.values()} == {"required"}


@pytest.mark.parametrize("mode", [AuthMode.GATEWAY, AuthMode.MIDDLEWARE])
def test_routes_need_no_dependency_where_something_else_authenticates(mode: AuthMode) -> None:
    dropped = ("main.py", '@app.delete("/parcels/{id}")')
    assert dropped in found(Options(), "BA301")
    assert found(Options(auth=Auth(mode=mode)), "BA301") == []


# --- public ---


@pytest.mark.parametrize(
    ("pattern", "is_public"),
    [
        ("DELETE /parcels/*", True),
        ("/parcels/**", True),
        ("GET|DELETE /parcels/{id}", True),
        ("* /parcels/*", True),
        ("GET /parcels/*", False),
        ("DELETE /parcels", False),
    ],
)
def test_public_endpoints_need_no_authentication(pattern: str, *, is_public: bool) -> None:
    dropped = ("main.py", '@app.delete("/parcels/{id}")')
    assert (dropped not in found(Options(public=(pattern,)), "BA301")) is is_public


# --- user-tables, owner-columns ---

OWNED = """
from typing import Annotated
import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Field, Session, SQLModel, select
from vendor import engine

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="token")


class Crew(SQLModel, table=True):
    id: int = Field(primary_key=True)


class Locker(SQLModel, table=True):
    id: int = Field(primary_key=True)
    keeper: int{key}


def get_db():
    with Session(engine) as session:
        yield session


def signed_in(token: Annotated[str, Depends(scheme)]) -> int:
    try:
        return jwt.decode(token, "key", algorithms=["HS256"])["sub"]
    except jwt.PyJWTError:
        raise HTTPException(401)


@app.get("/lockers/{id}")
def read_locker(id: int, db: Annotated[Session, Depends(get_db)], me: Annotated[int, Depends(signed_in)]):
    locker = db.get(Locker, id)
    if locker is None:
        raise HTTPException(404)
    return locker
"""
BY_KEY = OWNED.replace("{key}", ' = Field(foreign_key="crew.id")')
BY_NUMBER = OWNED.replace("{key}", "")


@pytest.mark.parametrize("name", ["crew", "Crew"])
def test_rows_that_belong_to_a_configured_user_table_are_owned(name: str) -> None:
    files = {"main.py": BY_KEY}
    assert found(Options(), "BA305", files) == []
    assert len(found(Options(user_tables=(name,)), "BA305", files)) == 1


@pytest.mark.parametrize("column", ["keeper", "locker.keeper"])
def test_a_configured_owner_column_makes_rows_owned(column: str) -> None:
    files = {"main.py": BY_NUMBER}
    assert found(Options(), "BA305", files) == []
    assert len(found(Options(owner_columns=(column,)), "BA305", files)) == 1


def test_an_owner_column_of_another_table_changes_nothing() -> None:
    assert found(Options(owner_columns=("parcel.keeper",)), "BA305", {"main.py": BY_NUMBER}) == []


def test_configured_owners_count_in_the_inventory() -> None:
    scopes = {
        column: project({"main.py": BY_NUMBER}, Options(owner_columns=column))
        .route_inventory()
        .routes[0]
        .scope
        for column in ((), ("keeper",))
    }
    assert scopes == {(): "no-owned-data", ("keeper",): "unscoped"}
