"""The picture of the architecture: its facts, and the diagram that is drawn of them."""

from __future__ import annotations

import re

from rules.configuration import Options
from rules.project.architecture.diagram import mermaid
from rules.project.architecture.summary import architecture_summary
from rules.project.sessions.session_values import Mode
from rules.sections import (
    ApplicationFacts,
    ArchitectureSummary,
    LayerEdge,
    LayerFacts,
    SessionFacts,
    SettingsFacts,
)
from tests.rules.isolation_projects import project, sample

EMPTY = ArchitectureSummary((), (), (), (), 0, (), 0, 0)


def test_the_facts_of_a_layered_application() -> None:
    summary = architecture_summary(sample("architecture_sound"))
    assert summary.layers == (
        LayerFacts("routes", 1),
        LayerFacts("services", 1),
        LayerFacts("models", 1),
        LayerFacts("core", 2),
    )
    assert LayerEdge("routes", "services", 1, outward=False) in summary.edges
    assert not any(edge.outward for edge in summary.edges)
    assert summary.applications == (ApplicationFacts("main:app", 8, (), 0, is_mounted=False),)
    assert summary.sessions == (
        SessionFacts("database.get_session", Mode.SYNC, 4, closed=True),
        SessionFacts("database.get_reading_session", Mode.SYNC, 2, closed=True),
    )
    assert summary.settings == (SettingsFacts("Settings", "settings.py", 2),)
    assert (summary.routes, summary.tables, summary.opened_in_handlers) == (8, 2, 0)


def test_middleware_stands_in_the_order_of_a_request() -> None:
    text = (
        "from fastapi import FastAPI\nfrom starlette.middleware.gzip import GZipMiddleware\n"
        "from starlette.middleware.cors import CORSMiddleware\napp = FastAPI()\n"
        "app.add_middleware(CORSMiddleware)\napp.add_middleware(GZipMiddleware)\n"
        "@app.get('/')\ndef read(): ...\n"
    )
    (application,) = architecture_summary(project({"main.py": text})).applications
    assert application.middleware == ("GZipMiddleware", "CORSMiddleware")


def test_a_session_that_stays_open_is_told() -> None:
    text = (
        "from fastapi import Depends, FastAPI\nfrom sqlmodel import Session, create_engine\n"
        "engine = create_engine('sqlite://')\napp = FastAPI()\ndef get():\n    return Session(engine)\n"
        "@app.get('/')\ndef read(session=Depends(get)): ...\n"
    )
    (session,) = architecture_summary(project({"main.py": text}, Options())).sessions
    assert session == SessionFacts("main.get", Mode.SYNC, 1, closed=False)


def test_the_diagram_of_a_layered_application() -> None:
    drawn = mermaid(architecture_summary(sample("architecture_sound")))
    assert drawn.startswith("flowchart LR\n")
    assert 'app0["main:app<br/>8 routes"]' in drawn
    assert 'layer1["services<br/>1 module"]' in drawn
    assert "layer0 --> layer1" in drawn
    assert 'layer2 -- "get_session" --> database[("2 tables")]' in drawn


def test_nothing_is_drawn_of_nothing() -> None:
    assert mermaid(EMPTY) == ""


def test_an_import_outwards_is_drawn_dotted() -> None:
    layers = (LayerFacts("routes", 2), LayerFacts("services", 3))
    edges = (LayerEdge("services", "routes", 4, outward=True),)
    drawn = mermaid(ArchitectureSummary(layers, edges, (), (), 0, (), 0, 0))
    assert "layer1 -. 4 outward .-> layer0" in drawn


def test_names_cannot_break_out_of_the_diagram() -> None:
    hostile = 'x"]\n  click app0 "https://evil.example" %%{init}%% <script>`|;end#quot;'
    layers = (LayerFacts(hostile, 1),)
    applications = (ApplicationFacts(hostile, 1, (hostile,), 0, is_mounted=False),)
    session = SessionFacts(f"a.{hostile}", Mode.SYNC, 1, closed=True)
    drawn = mermaid(ArchitectureSummary(layers, (), applications, (session,), 0, (), 1, 1))
    labels = re.findall(r'"([^"]*)"', drawn)
    assert all(re.fullmatch(r"(?:[\w .:/,()+…-]|<br/>)*", label) for label in labels)
    assert len(drawn.splitlines()) == 5
    assert "script>" not in drawn


def test_the_diagram_stays_small() -> None:
    applications = tuple(
        ApplicationFacts(f"app{n}", 1, tuple(f"M{m}" for m in range(50)), 0, is_mounted=False)
        for n in range(200)
    )
    layers = tuple(LayerFacts(f"layer {n}", 1) for n in range(100))
    drawn = mermaid(ArchitectureSummary(layers, (), applications, (), 0, (), 1, 1))
    assert len(drawn.splitlines()) < 40
    assert "194 more" in drawn
