"""What is found in one pass over a run is what walking through all of it finds."""

from __future__ import annotations

import pytest

from rules.evaluation.values import Instance
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.isolation.terms import called_name
from tests.rules.isolation_projects import isolation, project

TEXT = """
import audit
from fastapi import FastAPI
from pydantic import BaseModel
app = FastAPI()
class Note(BaseModel):
    text: str
def check(user, note):
    if not user.active:
        raise ValueError(user)
    if user.id == note.owner:
        raise KeyError(user)
@app.post("/notes/{key}")
def add(key: int, given: Note):
    user = audit.load(key)
    note = Note(text=given.text)
    check(user, note)
    check(user, note)
    user.seen = True
    audit.save(user)
    audit.save(note)
    return note
"""


def test_an_index_names_each_position_once_and_in_order() -> None:
    [inspection] = isolation(TEXT).inspections()
    log = inspection.run.log
    saved = [n for n, effect in enumerate(log.effects) if called_name(effect.value) == "save"]
    assert len(saved) == 2
    assert log.index.calls({"save"}) == saved
    assert log.index.calls({"absent"}) == []
    sets = [n for n, effect in enumerate(log.effects) if effect.kind == "set"]
    made = [n for n, effect in enumerate(log.effects) if isinstance(effect.value, Instance)]
    assert len(sets) == 1
    assert log.index.either({"save"}, log.index.sets, log.index.instances) == sorted({*saved, *sets, *made})
    assert [log.effects[n].kind for n in log.index.returns] == ["return"] * len(log.index.returns)


def test_tests_are_those_of_the_paths_that_end() -> None:
    [inspection] = isolation(TEXT).inspections()
    log = inspection.run.log
    everywhere = [condition.test for _, path in log.endings for condition in path]
    assert len(log.tests) == len({id(test) for test in everywhere}) < len(everywhere)
    assert {id(test) for test in log.tests} == {id(test) for test in everywhere}


def test_nodes_of_a_function_are_those_of_its_body() -> None:
    module = project({"main.py": TEXT}).files["main.py"].module
    functions = [node for node in walk(module.statements) if isinstance(node, ir.Function)]
    assert [function.name for function in functions if not module.nodes(function)] == []
    for function in functions:
        assert module.nodes(function) == tuple(walk(module.body(function)))


@pytest.mark.parametrize(
    "call", ["httpx.get(URL, verify=False)", "httpx.get(URL, verify \\\n  = False)", "httpx.Client(auth=KEY)"]
)
def test_uses_in_functions_that_nothing_calls_are_found(call: str) -> None:
    text = f"import httpx\nfrom fastapi import FastAPI\napp = FastAPI()\ndef probe():\n    return {call}\n"
    uses = [use.call.name for use in project({"main.py": text}).library_uses.calls]
    assert call.partition("(")[0] in uses


def test_functions_without_telling_words_are_not_read() -> None:
    text = "from fastapi import FastAPI\napp = FastAPI()\nkey = 1\ndef probe(a):\n    return len(a)\n"
    uses = [use.call.name for use in project({"main.py": text}).library_uses.calls]
    assert "builtins.len" not in uses
