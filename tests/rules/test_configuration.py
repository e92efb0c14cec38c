from __future__ import annotations

import json

import jsonschema
import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.configuration import ConfigurationError, Options, Problem, load, read
from rules.configuration.options import Application, Auth, AuthMode, Layer, OnIncomplete
from rules.configuration.schema import json_schema
from rules.rule import Confidence, Severity

YAML = ".github/backend-architect.yml"
KNOWN = {"BA305": "unscoped-object-access", "BA306": "unscoped-list-query", "BA108": "cors-not-outermost"}

EVERY_KEY = """\
include: [backend/]
exclude: ["scripts/", "!tests/"]
applications:
  - root: backend
    app: app.main:app
select: [BA3, cors-not-outermost]
ignore: [BA306]
severity:
  BA305: low
fail-on: medium
fail-confidence: low
on-incomplete: neutral
public: ["GET /health", "GET|POST /hooks/**", /login]
auth:
  mode: gateway
  authenticating: [app.deps.user]
  optional: [app.deps.maybe_user]
  admin: [app.deps.admin]
user-tables: [account]
owner-columns: [owner_id, team.lead_id]
layers:
  - name: routes
    paths: [app/api/]
api-spec: [docs/openapi.yaml]
schema-spec: [docs/schema.sql]
budget: 5
baseline: accepted-baseline.json
"""

ACCEPTED = {"accepted-baseline.json": b'{"version": 1}'}
EVERY_OPTION = Options(
    include=("backend/",),
    exclude=("scripts/", "!tests/"),
    applications=(Application(root="backend", app="app.main:app"),),
    select=("BA3", "cors-not-outermost"),
    ignore=("BA306",),
    severity={"BA305": Severity.LOW},
    fail_on=Severity.MEDIUM,
    fail_confidence=Confidence.LOW,
    on_incomplete=OnIncomplete.NEUTRAL,
    public=("GET /health", "GET|POST /hooks/**", "/login"),
    auth=Auth(
        mode=AuthMode.GATEWAY,
        authenticating=("app.deps.user",),
        optional=("app.deps.maybe_user",),
        admin=("app.deps.admin",),
    ),
    user_tables=("account",),
    owner_columns=("owner_id", "team.lead_id"),
    layers=(Layer(name="routes", paths=("app/api/",)),),
    api_spec=("docs/openapi.yaml",),
    schema_spec=("docs/schema.sql",),
    budget=5,
    baseline="accepted-baseline.json",
)


def problems(text: str | bytes, path: str = YAML) -> tuple[Problem, ...]:
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(ConfigurationError) as raised:
        load({path: content}, KNOWN)
    return raised.value.problems


def test_a_tree_without_configuration_has_the_defaults() -> None:
    assert load({"app/main.py": b""}) == Options()
    assert load({"pyproject.toml": b"[project]\nname = 'x'\n"}) == Options()
    assert load({YAML: b""}) == Options()
    assert load({YAML: b"# nothing yet\n"}) == Options()


def test_every_key_is_read_from_yaml() -> None:
    assert load({YAML: EVERY_KEY.encode(), **ACCEPTED}, KNOWN) == EVERY_OPTION


def test_every_key_is_read_from_pyproject() -> None:
    table = """
[tool.backend-architect]
include = ["backend/"]
exclude = ["scripts/", "!tests/"]
select = ["BA3", "cors-not-outermost"]
ignore = ["BA306"]
fail-on = "medium"
fail-confidence = "low"
on-incomplete = "neutral"
public = ["GET /health", "GET|POST /hooks/**", "/login"]
user-tables = ["account"]
owner-columns = ["owner_id", "team.lead_id"]
api-spec = ["docs/openapi.yaml"]
schema-spec = ["docs/schema.sql"]
budget = 5
baseline = "accepted-baseline.json"
severity = { BA305 = "low" }
[[tool.backend-architect.applications]]
root = "backend"
app = "app.main:app"
[tool.backend-architect.auth]
mode = "gateway"
authenticating = ["app.deps.user"]
optional = ["app.deps.maybe_user"]
admin = ["app.deps.admin"]
[[tool.backend-architect.layers]]
name = "routes"
paths = ["app/api/"]
"""
    assert load({"pyproject.toml": table.encode(), **ACCEPTED}, KNOWN) == EVERY_OPTION


def test_the_test_configuration_uses_every_key() -> None:
    fields = {field.encode_name for field in msgspec.structs.fields(Options)}
    assert set(yaml.safe_load(EVERY_KEY)) == fields


def test_both_files_given_is_a_mistake() -> None:
    tree = {YAML: b"budget: 1\n", "pyproject.toml": b"[tool.backend-architect]\nbudget = 1\n"}
    with pytest.raises(ConfigurationError, match=r"pyproject\.toml has \[tool\.backend-architect\] too"):
        load(tree)


def test_the_yaml_suffix_is_named_with_its_remedy() -> None:
    (found,) = problems("budget: 1\n", ".github/backend-architect.yaml")
    assert found.message.endswith("rename it to .github/backend-architect.yml")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("\nfail-onn: high\n", 2, "did you mean `fail-on`?"),
        ("colour: red\n", 1, "the keys are `include`"),
        ("budget: 1\nfail-on: hihg\n", 2, "did you mean `high`?"),
        ("select: BA305\n", 1, "write `[BA305]`"),
        ("select:\n  - BA305\n  - BA999\n", 3, "`BA999` names no rule"),
        ("ignore: [unscoped-list-quary]\n", 1, "did you mean `unscoped-list-query`?"),
        ("severity:\n  BA108: high\n  BA777: high\n", 3, "`BA777` names no rule"),
        ("severity:\n  BA108: worst\n", 2, "must be one of"),
        ("budget: many\n", 1, "must be a whole number from 0 to 1000"),
        ("budget: yes\n", 1, "must be a whole number"),
        ("budget: -1\n", 1, "must be a whole number from 0 to 1000"),
        ("include:\n  - 3\n", 2, "`include[0]` must be a string"),
        ("exclude:\n  - a/\n  - '!'\n", 3, "is not a pattern"),
        ("public: ['get /x']\n", 1, "cannot be 'get /x'"),
        ("auth:\n  mode: proxy\n", 2, "must be one of `app`, `gateway`, `middleware`"),
        ("auth: [app]\n", 1, "must be a table of keys"),
        ("layers:\n  - name: a\n    paths: []\n", 3, "must not be empty"),
        ("layers:\n  - name: a\n", 2, "lacks `paths`"),
        ("applications:\n  - app: main\n", 2, "cannot be 'main'"),
        ("- budget\n", 1, "must be a table of keys"),
        ("budget: 1\nbudget: 2\n", 2, "given twice"),
        ("a: &x 1\n", 1, "anchors and aliases"),
        ("budget: 1\ninclude: *x\n", 2, "anchors and aliases"),
        ("budget: [1\n", 2, "not valid YAML"),
        ("budget: 1\n---\nbudget: 2\n", 2, "another document"),
        ("budget: 1\nbaseline: !!python/object:os.system {}\n", 2, "must be a string"),
        ("budget: 1\nbaseline: !!python/name:os.system ''\n", 2, "could not determine a constructor"),
        ("budget: 1\nbaseline: 2001-99-99\n", 2, "month must be in 1..12"),
        ("? [a]\n: 1\n", 1, "a key must be a plain word"),
        ("[" * 70, 1, "nested more than 16 deep"),
        (b"budget: 1\n# \xff\n", 2, "not UTF-8"),
        (b"\0", 1, "not valid YAML"),
        (b"#" * (64 * 1024 + 1), 1, "larger than 64 KiB"),
    ],
)
def test_a_mistake_has_its_line_and_remedy(text: str | bytes, line: int, words: str) -> None:
    (found,) = problems(text)
    assert (found.path, found.line) == (YAML, line)
    assert words in found.message


def test_all_mistakes_are_named_at_once() -> None:
    found = problems("fail-on: x\nbudgets: 1\nauth:\n  mode: x\n")
    assert [problem.line for problem in found] == [1, 2, 4]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[tool.backend-architect]\n\nbudgt = 1\n", 3, "did you mean `budget`?"),
        ("[tool.backend-architect.auth]\nmode = 'x'\n[tool.other]\nmode = 'y'\n", 2, "must be one of"),
        ("[tool.other]\nbudget = 'x'\n[tool.backend-architect]\nbudget = 'x'\n", 4, "whole number"),
        ("[tool]\nbackend-architect = 3\n", 1, "must be a table"),
        ("[tool.backend-architect]\nbudget =\n", 2, "not valid TOML"),
        ("x = " + "[" * 5000 + "# backend-architect", 1, "not valid TOML"),
        ("[tool.backend-architect]\nbaseline = 2001-01-01\n", 2, "must be a string"),
    ],
)
def test_a_mistake_in_pyproject_has_its_line(text: str, line: int, words: str) -> None:
    (found,) = problems(text, "pyproject.toml")
    assert (found.path, found.line) == ("pyproject.toml", line)
    assert words in found.message


def test_a_broken_pyproject_of_others_is_not_ours() -> None:
    assert load({"pyproject.toml": b"[project\n"}) == Options()


def test_a_named_file_is_read() -> None:
    assert read("any.yaml", b"budget: 7\n").budget == 7
    assert read("any.toml", b"[tool.backend-architect]\nbudget = 7\n").budget == 7
    with pytest.raises(ConfigurationError, match="add one"):
        read("any.toml", b"[tool.other]\n")


def test_the_json_schema_is_sound_and_agrees() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert not list(validator.iter_errors(yaml.safe_load(EVERY_KEY)))
    for wrong in ({"budgets": 1}, {"fail-on": "x"}, {"layers": [{"name": "a"}]}, {"public": ["get /x"]}):
        assert list(validator.iter_errors(wrong))
    assert json.dumps(schema)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from([*yaml.safe_load(EVERY_KEY), "mode", "other"])


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(KEYS, JSON_VALUES, max_size=4))
def test_what_the_schema_allows_is_read_and_the_rest_is_named(data: dict[str, object]) -> None:
    allowed = jsonschema.Draft202012Validator(json_schema()).is_valid(data)
    try:
        load({YAML: json.dumps(data).encode()})
    except ConfigurationError as error:
        named = [problem.message for problem in error.problems]
        assert named
        assert not allowed or all("pattern as .gitignore" in message for message in named)
    else:
        assert allowed


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_options_or_named_problems(content: bytes) -> None:
    for path in (YAML, "pyproject.toml"):
        try:
            load({path: content + b"#backend-architect"})
            found: tuple[Problem, ...] = ()
        except ConfigurationError as error:
            found = error.problems
        assert all(problem.path == path and problem.line >= 1 for problem in found)
