"""What the taint facts take for harmless is harmless where it really runs."""

from __future__ import annotations

import asyncio
import datetime
import decimal
import enum
import ipaddress
import re
import uuid
from typing import Any, Literal

import httpx
import jinja2
import markupsafe
import pytest
from fastapi import FastAPI
from fastapi.templating import Jinja2Templates
from pydantic import TypeAdapter, ValidationError

from rules.evaluation.values import Value
from rules.project.project import Project
from rules.project.taint.addressing import Reach
from rules.project.taint.closed_types import is_closed, is_closed_pattern
from rules.project.taint.dangers import Danger
from rules.project.taint.page_templates import does_escape, engine_of
from rules.rule import Confidence
from tests.rules.isolation_projects import project

ATTACKS = ["' OR 1=1 --", "<script>", "../../etc/passwd", "http://169.254.169.254/", "; rm -rf /", "a b", '"']


class Colour(enum.StrEnum):
    RED = "red"


TYPES: dict[str, Any] = {
    "int": int, "float": float, "bool": bool, "uuid.UUID": uuid.UUID, "datetime.date": datetime.date,
    "datetime.datetime": datetime.datetime, "decimal.Decimal": decimal.Decimal, "Colour": Colour,
    "Literal['a', 'b']": Literal["a", "b"], "int | None": int | None, "list[int]": list[int],
    "ipaddress.IPv4Address": ipaddress.IPv4Address, "dict[uuid.UUID, int]": dict[uuid.UUID, int],
}  # fmt: skip
OPEN_TYPES: dict[str, Any] = {
    "str": str, "bytes": bytes, "list[str]": list[str], "str | int": str | int,
    "dict[str, int]": dict[str, int], "Any": Any,
}  # fmt: skip
TYPE_HEAD = """import datetime, decimal, enum, ipaddress, uuid
from typing import Any, Literal


class Colour(enum.StrEnum):
    RED = "red"


"""


def annotation(written: str) -> Value:
    made = project({"main.py": f"{TYPE_HEAD}found: object = {written}\n"})
    scope = made.machine.scope(made.index.modules["main.py"])
    return scope.bindings["found"]


def accepts(type_: Any, attack: str) -> bool:
    for value in (attack, attack.encode(), [attack], {attack: 1}):
        try:
            accepted = TypeAdapter(type_).validate_python(value)
        except ValidationError:
            continue
        if attack in str(accepted):
            return True
    return False


@pytest.mark.parametrize("written", TYPES)
def test_a_closed_type_accepts_no_attack(written: str) -> None:
    assert is_closed(annotation(written))
    assert not any(accepts(TYPES[written], attack) for attack in ATTACKS)


@pytest.mark.parametrize("written", OPEN_TYPES)
def test_a_type_that_accepts_an_attack_is_open(written: str) -> None:
    assert any(accepts(OPEN_TYPES[written], attack) for attack in ATTACKS)
    assert not is_closed(annotation(written))


@pytest.mark.parametrize(
    "pattern", ["^(id|title)$", r"^[a-z_]+$", r"^\w{3,10}$", r"\A[0-9]+\Z", "^asc$|^desc$"]
)
def test_a_closed_pattern_matches_no_attack(pattern: str) -> None:
    assert is_closed_pattern(pattern)
    assert not any(re.search(pattern, attack) for attack in ATTACKS)


@pytest.mark.parametrize("pattern", ["^.+$", "[a-z]+", r"^[^;]+$", r"^\S+$", "^https?://", "a|b", "^$|.*"])
def test_a_pattern_that_matches_an_attack_is_open(pattern: str) -> None:
    assert any(re.search(pattern, attack) for attack in ATTACKS)
    assert not is_closed_pattern(pattern)


ENGINES = {
    "jinja2.Environment()": jinja2.Environment(),  # noqa: S701 - what is under test
    "jinja2.Environment(autoescape=True)": jinja2.Environment(autoescape=True),
    "jinja2.Environment(autoescape=False)": jinja2.Environment(autoescape=False),  # noqa: S701
    "Jinja2Templates(directory='x')": Jinja2Templates(directory="x").env,
}


@pytest.mark.parametrize("written", ENGINES)
def test_engines_escape_as_they_are_told(written: str) -> None:
    head = "import jinja2\nfrom fastapi.templating import Jinja2Templates\n"
    made = project({"main.py": f"{head}engine = {written}\n"})
    engine = engine_of(made.machine.scope(made.index.modules["main.py"]).bindings["engine"])
    name = "a.html"
    ENGINES[written].loader = jinja2.DictLoader({name: "{{ x }}"})
    escaped = "<" not in ENGINES[written].get_template(name).render(x="<b>")
    assert engine is not None
    assert does_escape(engine) is escaped


def test_markup_escapes_what_is_formatted_into_it() -> None:
    made = routes("return HTMLResponse(Markup('<b>{}</b>').format(q) + Markup('%s') % q)")
    assert "<i>" not in markupsafe.Markup("<b>{}</b>").format("<i>") + markupsafe.Markup("%s") % "<i>"
    assert made.taint.injections == ()


def test_a_path_parameter_holds_no_slash_without_a_convertor() -> None:
    app = FastAPI()

    @app.get("/files/{name}")
    def segment(name: str) -> str:
        return name

    @app.get("/paths/{name:path}")
    def path(name: str) -> str:
        return name

    async def ask(address: str) -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get(address)

    assert asyncio.run(ask("/files/..%2Fpasswd")).status_code == 404
    assert asyncio.run(ask("/paths/..%2Fpasswd")).json() == "../passwd"
    text = HEAD + "@app.get('/{convertor}')\ndef a(name: str):\n    open(f'files/{{name}}')\n"
    reaches = {
        convertor: next(project({"main.py": text.format(convertor=convertor)}).taint.of(Danger.PATH)).reach
        for convertor in ("{name}", "{name:path}")
    }
    assert reaches == {"{name}": Reach.PART, "{name:path}": Reach.WHOLE}


HEAD = """import asyncio, os, requests
from fastapi import BackgroundTasks, FastAPI, HTTPException
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from sqlalchemy import create_engine, text

app = FastAPI()
engine = create_engine("sqlite://")
ALLOWED = os.environ["ALLOWED"].split(",")


def fetch(url):
    return requests.get(url)


"""


def routes(body: str) -> Project:
    indented = body.replace("\n", "\n    ")
    return project(
        {"main.py": f"{HEAD}@app.get('/a')\nasync def a(q: str, tasks: BackgroundTasks):\n    {indented}\n"}
    )


@pytest.mark.parametrize(
    "call",
    [
        "tasks.add_task(fetch, q)",
        "await run_in_threadpool(fetch, q)",
        "await asyncio.to_thread(fetch, url=q)",
    ],
)
def test_functions_that_are_handed_over_are_followed(call: str) -> None:
    found = list(routes(call).taint.of(Danger.URL))
    assert [(i.place.line, i.flow.source.name) for i in found] == [(14, "q")]


@pytest.mark.parametrize(
    ("body", "confidence"),
    [
        ("requests.get(q)", [Confidence.HIGH]),
        ("requests.get(f'https://{q}/x')", [Confidence.HIGH]),
        ("if q.startswith('https://a.example'):\n    requests.get(q)", [Confidence.LOW]),
        ("if q in ALLOWED:\n    requests.get(q)", []),
        ("if q == 'https://a.example':\n    requests.get(q)", []),
        ("if q != 'https://a.example':\n    requests.get(q)", [Confidence.HIGH]),
        ("match q:\n    case 'https://a.example' | 'b':\n        requests.get(q)", []),
        ("url = q if q in ALLOWED else 'https://a.example'\nrequests.get(url)", []),
        ("assert q in ALLOWED\nrequests.get(q)", []),
        ("requests.get('https://a.example/?x=' + q)", []),
        ("requests.get('https://a.example/' + q)", [Confidence.LOW]),
        ("requests.get('https://a.example', params={'q': q})", []),
    ],
)
def test_checks_before_an_address_is_fetched(body: str, confidence: list[Confidence]) -> None:
    assert [i.confidence for i in routes(body).taint.of(Danger.URL)] == confidence


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("s = text('SELECT ' + q)\nwith engine.connect() as c:\n    c.execute(s)", [21]),
        ("with engine.connect() as c:\n    c.execute(text(' AND '.join(['a', f'b = {q}'])))", [20]),
        ("with engine.connect() as c:\n    c.exec_driver_sql('DELETE FROM x WHERE a = %s' % q)", [20]),
        ("with engine.connect() as c:\n    c.execute(text('SELECT :q'), {'q': f'%{q}%'})", []),
        ("with engine.connect() as c:\n    c.execute(text(f'SELECT {len(q)}'))", []),
    ],
)
def test_statements_stand_where_they_are_run(body: str, lines: list[int]) -> None:
    assert [i.place.line for i in routes(body).taint.of(Danger.SQL)] == lines
