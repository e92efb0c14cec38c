from __future__ import annotations

import json
from pathlib import Path

import yaml

from tests.bot.test_console_main import run

APPS = Path(__file__).parent.parent / "apps"


def test_the_document_is_written_as_json() -> None:
    answer = run("openapi", APPS / "openapi_security")
    document = json.loads(answer.stdout)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert document["openapi"] == "3.1.0"
    assert document["paths"]["/me"]["get"]["security"] == [{"OAuth2PasswordBearer": ["me"]}]


def test_a_mounted_application_is_named_and_yaml_says_the_same() -> None:
    folder = APPS / "openapi_options"
    answer = run("openapi", folder, "--app", "main:sub", "--format", "yaml")
    as_json = run("openapi", folder, "--app", "main:sub")
    assert yaml.safe_load(answer.stdout) == json.loads(as_json.stdout)
    assert list(yaml.safe_load(answer.stdout)["paths"]) == ["/inner/{id}"]


def test_it_must_be_clear_of_which_application(tmp_path: Path) -> None:
    assert "no FastAPI application found" in run("openapi", tmp_path).stderr
    (tmp_path / "main.py").write_text("from fastapi import FastAPI\none = FastAPI()\ntwo = FastAPI()\n")
    (tmp_path / "other.py").write_text("from fastapi import FastAPI\napp = FastAPI(title='x')\n")
    answer = run("openapi", tmp_path)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "name one with --app: " in answer.stderr
    unknown = run("openapi", tmp_path, "--app", "main:three")
    assert unknown.returncode == 2
    assert "there is no application main:three" in unknown.stderr
