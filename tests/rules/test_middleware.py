from __future__ import annotations

import pytest

from rules.project.routing.answering import own_answer
from tests.rules.test_routes import project_from

HEAD = """
from fastapi import FastAPI, HTTPException
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.middleware.httpsredirect import HTTPSRedirectMiddleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import Response
"""


def test_a_conditional_middleware_keeps_its_condition() -> None:
    main = HEAD + (
        "import os\napp = FastAPI()\nif os.getenv('ZIP', '1') == '1':\n"
        "    app.add_middleware(GZipMiddleware)\n"
        "app.add_middleware(CORSMiddleware)\n"
    )
    (application,) = project_from(main=main).applications
    found = [(m.name, len(m.conditions)) for m in application.middleware]
    assert found == [("CORSMiddleware", 0), ("GZipMiddleware", 1)]


def test_a_request_to_a_mounted_application_meets_both_lists() -> None:
    main = HEAD + (
        "app = FastAPI()\napp.add_middleware(GZipMiddleware)\n"
        "sub = FastAPI()\nsub.add_middleware(CORSMiddleware)\n"
        "sub.get('/x')(print)\napp.mount('/sub', sub)\n"
    )
    (route,) = project_from(main=main).routes
    assert (route.app, route.path) == ("main:sub", "/sub/x")
    assert [m.name for m in route.middleware] == ["GZipMiddleware", "CORSMiddleware"]


FUNCTION = "@app.middleware('http')\nasync def step(request, call_next):\n"
PASS = "    return await call_next(request)\n"


@pytest.mark.parametrize(
    ("body", "answers"),
    [
        (PASS, False),
        ("    if request.url:\n        return Response(status_code=401)\n" + PASS, True),
        ("    if request.url:\n        raise HTTPException(403)\n" + PASS, True),
        ("    response = await call_next(request)\n    return Response(response.body)\n", False),
        ("    try:\n    " + PASS + "    except ValueError:\n        return Response()\n", False),
    ],
)
def test_whether_a_function_answers_by_itself(body: str, answers: bool) -> None:  # noqa: FBT001
    project = project_from(main=HEAD + "app = FastAPI()\n" + FUNCTION + body)
    (application,) = project.applications
    assert (own_answer(project.machine, application.middleware[0]) is not None) is answers


@pytest.mark.parametrize(("name", "answers"), [("HTTPSRedirectMiddleware", True), ("GZipMiddleware", False)])
def test_whether_a_known_class_answers_by_itself(name: str, answers: bool) -> None:  # noqa: FBT001
    project = project_from(main=HEAD + f"app = FastAPI()\napp.add_middleware({name})\n")
    (application,) = project.applications
    assert (own_answer(project.machine, application.middleware[0]) is not None) is answers
