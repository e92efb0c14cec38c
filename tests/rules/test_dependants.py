from __future__ import annotations

import pytest

from rules.project.routing.routes import Route
from tests.rules.test_routes import project_from


def route_of(main: str, **others: str) -> Route:
    return project_from(
        main="from fastapi import APIRouter, Depends, FastAPI, Security\napp = FastAPI()\n" + main, **others
    ).routes[0]


def test_it_is_said_how_each_dependency_was_asked_for() -> None:
    main = """
def a(): ...
def b(): ...
def c(): ...
def d(): ...
def e(): ...
app.router.dependencies.append(Depends(a))
router = APIRouter(dependencies=[Depends(c)])
@router.get("/x", dependencies=[Depends(d)])
def x(e=Depends(e)): ...
app.include_router(router, dependencies=[Depends(b)])
"""
    found = [(d.name, d.declared, d.parameter) for d in route_of(main).dependant.dependencies]
    lists = ["app", "include", "router", "decorator"]
    expected = [(f"main.{name}", level, None) for name, level in zip("abcd", lists, strict=True)]
    assert found == [*expected, ("main.e", "parameter", "e")]


def test_security_carries_its_scopes() -> None:
    main = "def user(): ...\n@app.get('/x')\ndef x(u=Security(user, scopes=['a', 'b'])): ...\n"
    (found,) = route_of(main).dependant.dependencies
    assert (found.is_security, found.scopes) == (True, ("a", "b"))


def test_a_container_is_unknown() -> None:
    main = """
from dependency_injector.wiring import Provide
class Container: ...
@app.get("/x")
def x(service=Depends(Provide[Container.service])): ...
"""
    route = route_of(main)
    assert [d.name for d in route.dependant.flat()] == ["dependency_injector.wiring.Provide"]
    assert not route.resolved


def test_what_a_library_depends_on_is_unknown_and_the_route_itself_is_known() -> None:
    route = route_of("from vendor import login\n@app.get('/x')\ndef x(user=Depends(login)): ...\n")
    assert [(d.name, d.resolved) for d in route.dependant.flat()] == [("vendor.login", False)]
    assert not route.dependant.resolved
    assert route.resolved


REWRITTEN = """
from functools import lru_cache, wraps
from makefun import with_signature
def plain(f):
    @wraps(f)
    def inner(*args, **kwargs):
        return f(*args, **kwargs)
    return inner
@{decorator}
def user({parameters}): ...
@app.get('/x')
def x(u=Depends(user)): ...
"""


@pytest.mark.parametrize(
    ("decorator", "parameters", "is_known"),
    [
        ("with_signature('(token: str)')", "*args, **kwargs", False),
        ("with_signature('(token: str)')", "token", True),
        ("plain", "token", True),
        ("plain", "*args, **kwargs", True),
        ("lru_cache", "token", True),
    ],
)
def test_what_a_decorator_of_a_library_makes_of_any_arguments_is_unknown(
    decorator: str, parameters: str, *, is_known: bool
) -> None:
    main = REWRITTEN.replace("{decorator}", decorator).replace("{parameters}", parameters)
    assert route_of(main).resolved is is_known


def test_a_dependency_that_needs_itself_ends() -> None:
    route = route_of(
        "def a(x=Depends(lambda y=Depends(a): 1)): ...\n@app.get('/x')\ndef x(a=Depends(a)): ...\n"
    )
    assert len(list(route.dependant.flat())) < 10


def test_a_class_based_view_is_a_dependency_of_its_methods() -> None:
    main = """
from fastapi_utils.cbv import cbv
def get_db(): ...
def get_user(): ...
router = APIRouter()
@cbv(router)
class Items:
    db: object = Depends(get_db)
    def __init__(self, user=Depends(get_user)): ...
    @router.get("/items/{id}")
    def read(self, id: int, q: str = ""): ...
app.include_router(router)
"""
    route = route_of(main)
    names = [(d.name, d.parameter) for d in route.dependant.flat()]
    assert names == [("main.Items", "self"), ("main.get_user", "user"), ("main.get_db", "db")]
    assert [(p.name, p.location) for p in route.dependant.parameters] == [("id", "path"), ("q", "query")]


def test_a_routable_controller_of_classy_fastapi() -> None:
    main = """
from classy_fastapi import Routable, get
class Items(Routable):
    def __init__(self, name: str) -> None:
        super().__init__(prefix="/items")
    @get("/{id}", status_code=203)
    def read(self, id: int): ...
app.include_router(Items("x").router, tags=["t"])
"""
    route = route_of(main)
    assert (route.methods, route.path, route.status_code) == (("GET",), "/items/{id}", 203)
    assert [p.name for p in route.dependant.parameters] == ["id"]


def test_the_routers_of_fastapi_users_are_known() -> None:
    main = """
from fastapi_users import FastAPIUsers
from fastapi_users.authentication import AuthenticationBackend, BearerTransport
def get_manager(): ...
def get_strategy(): ...
transport = BearerTransport(tokenUrl="x")
backend = AuthenticationBackend(name="jwt", transport=transport, get_strategy=get_strategy)
users = FastAPIUsers(get_manager, [backend])
app.include_router(users.get_users_router(dict, dict), prefix="/users")
"""
    project = project_from(main="from fastapi import FastAPI\napp = FastAPI()\n" + main)
    assert [r.title for r in project.routes] == [
        "GET /users/me", "PATCH /users/me", "GET /users/{id}", "PATCH /users/{id}", "DELETE /users/{id}",
    ]  # fmt: skip
    names = {d.name.rpartition(".")[2] for d in project.routes[0].dependant.flat()}
    assert names == {"current_user_dependency", "get_manager", "get_strategy", "OAuth2PasswordBearer"}
    assert all(route.resolved for route in project.routes)
