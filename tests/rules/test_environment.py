"""Settings from the environment and by enum: known by default, and never taken for certain."""

from __future__ import annotations

import pytest

from rules.project.routing.conditions import holds_by_default
from tests.rules.test_routes import project_from

ENUM = "import enum\n\n\nclass Stage(enum.Enum):\n    LOCAL = 'local'\n    LIVE = 'live'\n\n\n"
APP = """
from fastapi import Depends, FastAPI

app = FastAPI()


def guard(): ...


if {test}:
    @app.get("/docs")
    def docs(): ...
else:
    @app.get("/docs", dependencies=[Depends(guard)])
    def guarded(): ...
"""


def served(settings: str, test: str) -> dict[str, tuple[str, ...]]:
    """The conditions of each handler that is registered for `/docs`."""
    project = project_from(main=ENUM + settings + APP.replace("{test}", test))
    return {route.qualified: route.condition_texts for route in project.routes}


def of_class(field: str) -> str:
    head = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
    return f"{head}    {field}\n\n\ns = Settings()\n"


@pytest.mark.parametrize(
    "settings",
    [
        of_class("stage: Stage = Stage.LOCAL"),
        "from pydantic import Field\n" + of_class("stage: Stage = Field(default=Stage.LOCAL)"),
        "from starlette.config import Config\nread = Config('.env')\n"
        + of_class("stage: Stage = read('STAGE', default='local')"),
        "from decouple import config\n" + of_class("stage: str = config('STAGE', default='local')"),
        "from environs import Env\nenv = Env()\n" + of_class("stage: str = env.str('STAGE', 'local')"),
    ],
)
@pytest.mark.parametrize(
    ("test", "by_default"),
    [
        ("s.stage == Stage.LOCAL", "docs"),
        ("s.stage is Stage.LOCAL", "docs"),
        ("s.stage in (Stage.LOCAL,)", "docs"),
        ("s.stage != Stage.LIVE", "docs"),
        ("s.stage == Stage.LIVE", "guarded"),
        ("Stage.LOCAL != s.stage", "guarded"),
    ],
)
def test_both_ways_are_kept_with_their_condition_and_the_default_is_known(
    settings: str, test: str, by_default: str
) -> None:
    found = served(settings, test)
    assert found == {"main.docs": (test,), "main.guarded": (f"not ({test})",)}
    project = project_from(main=ENUM + settings + APP.replace("{test}", test))
    assert [r.name for r in project.routes if holds_by_default(r.conditions)] == [by_default]


def test_members_of_one_enum_are_compared_by_value() -> None:
    assert served("", "Stage.LOCAL == Stage.LOCAL") == {"main.docs": ()}
    assert served("", "Stage.LOCAL == Stage.LIVE") == {"main.guarded": ()}


def test_a_setting_without_a_default_is_not_known() -> None:
    settings = "from decouple import config\nstage = config('STAGE')\n"
    found = served(settings, "stage == 'local'")
    assert found == {"main.docs": ("stage == 'local'",), "main.guarded": ("not (stage == 'local')",)}
