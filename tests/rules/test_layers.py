"""The layer of each module, in the shapes that projects have, and which imports go against them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rules.configuration import Options
from rules.configuration.options import Layer as ConfiguredLayer
from rules.project.code_places import application_code
from rules.project.layers import FOUND, Layers, Shape
from rules.project.project import Project
from rules.source import SourceFile


def shape(
    content: Callable[[str], bytes], routes: tuple[str, ...] = (), tables: tuple[str, ...] = ()
) -> Shape:
    code = application_code(Options())
    return Shape(is_application_code=code, content=content, with_routes=routes, with_tables=tables)


def found(*, routes: tuple[str, ...] = (), tables: tuple[str, ...] = (), **content: bytes) -> Layers:
    """Layers of a project whose files are empty but for `content`, by path with `__` for `/`."""
    texts = {name.replace("__", "/") + ".py": text for name, text in content.items()}
    return Layers(shape(lambda path: texts.get(path, b""), routes, tables))


def name_of(layers: Layers, path: str) -> str | None:
    layer = layers.of(path)
    return None if layer is None else layer.name


@pytest.mark.parametrize(
    ("path", "layer"),
    [
        # By kind of file.
        ("app/api/routes/items.py", "routes"),
        ("app/api/v1/endpoints/items.py", "routes"),
        ("app/routers/items.py", "routes"),
        ("app/api/deps.py", "routes"),
        ("app/services/items.py", "services"),
        ("app/crud.py", "services"),
        ("app/repositories/base.py", "services"),
        ("app/db/repositories/items.py", "services"),
        ("app/models.py", "models"),
        ("app/models/item.py", "models"),
        ("app/api/schemas/item.py", "models"),
        ("app/models/__init__.py", "models"),
        ("app/core/config.py", "core"),
        ("app/core/models.py", "models"),
        ("app/services/security.py", "services"),
        ("app/models/user_settings.py", "models"),
        ("app/db/session.py", "core"),
        # By feature.
        ("src/orders/router.py", "routes"),
        ("src/orders/service.py", "services"),
        ("src/orders/models.py", "models"),
        ("src/orders/order_repository.py", "services"),
        ("src/orders/item_schemas.py", "models"),
        ("src/orders/constants.py", None),
        # No layer.
        ("app/main.py", None),
        ("app/tests/services/test_items.py", None),
        ("examples/services/items.py", None),
        ("alembic/versions/1_models.py", None),
        ("app/emails.py", None),
        ("app/api/errors.py", None),
        ("app/dependencies.py", None),
        ("app/core/dependencies.py", None),
        ("app/db/init_db.py", None),
    ],
)
def test_the_layer_follows_from_where_a_module_stands(path: str, layer: str | None) -> None:
    assert name_of(found(), path) == layer


def test_a_module_that_no_name_tells_is_what_it_holds() -> None:
    layers = found(routes=("shop/orders.py", "models/views.py"), tables=("shop/rows.py", "shop/crud.py"))
    assert name_of(layers, "shop/orders.py") == "routes"
    assert name_of(layers, "models/views.py") == "routes"
    assert name_of(layers, "shop/rows.py") == "models"
    assert name_of(layers, "shop/crud.py") == "services"


def test_a_broad_name_of_routes_tells_of_modules_with_routers() -> None:
    layers = found(app__api__items=b"from fastapi import APIRouter", app__api__paging=b"LIMIT = 20")
    assert name_of(layers, "app/api/items.py") == "routes"
    assert name_of(layers, "app/api/paging.py") is None


def test_what_it_holds_tells_more_than_a_broad_name() -> None:
    layers = found(routes=("core/orders.py",), tables=("db/orders.py",))
    assert name_of(layers, "core/orders.py") == "routes"
    assert name_of(layers, "db/orders.py") == "models"
    assert name_of(layers, "db/engine.py") == "core"


def test_what_puts_the_application_together_stands_outside_the_layers() -> None:
    layers = found(
        routes=("app/main.py", "app/core/server.py"),
        app__main=b"app = FastAPI()",
        app__core__server=b"def make(app):\n    app.include_router(items.router)",
        app__api__routes__all=b"router.include_router(items.router)",
    )
    assert name_of(layers, "app/main.py") is None
    assert name_of(layers, "app/core/server.py") is None
    assert name_of(layers, "app/api/routes/all.py") == "routes"
    assert layers.allows("app/core/server.py", "app/api/routes/items.py")


@pytest.mark.parametrize(
    ("importer", "imported", "is_allowed"),
    [
        ("app/routers/items.py", "app/services/items.py", True),
        ("app/routers/items.py", "app/routers/users.py", True),
        ("app/routers/items.py", "app/core/config.py", True),
        ("app/services/items.py", "app/models/item.py", True),
        ("app/core/db.py", "app/models/item.py", True),
        ("app/services/items.py", "app/emails.py", True),
        ("app/emails.py", "app/routers/items.py", True),
        ("app/services/items.py", "app/routers/items.py", False),
        ("app/models/item.py", "app/crud.py", False),
        ("app/core/db.py", "app/crud.py", False),
        ("app/core/config.py", "app/routers/items.py", False),
    ],
)
def test_an_import_goes_inwards(importer: str, imported: str, *, is_allowed: bool) -> None:
    assert found().allows(importer, imported) is is_allowed


CONFIGURED = (
    ConfiguredLayer(name="edge", paths=("app/web/", "app/models/forms.py")),
    ConfiguredLayer(name="rules", paths=("app/services/",)),
    ConfiguredLayer(name="rows", paths=("app/models/", "app/web/rows/")),
)


@pytest.mark.parametrize(
    ("path", "layer"),
    [
        ("app/web/items.py", "edge"),
        ("app/web/rows/item.py", "rows"),
        ("app/models/item.py", "rows"),
        ("app/models/forms.py", "edge"),
        ("app/routers/items.py", None),
        ("app/core/config.py", None),
    ],
)
def test_configured_layers_replace_those_that_are_found(path: str, layer: str | None) -> None:
    layers = Layers(shape(lambda _: b""), CONFIGURED)
    assert name_of(layers, path) == layer


def test_configured_layers_are_ordered_as_they_are_written() -> None:
    layers = Layers(shape(lambda _: b""), CONFIGURED)
    assert layers.names == ("edge", "rules", "rows")
    assert layers.allows("app/web/items.py", "app/models/item.py")
    assert not layers.allows("app/models/item.py", "app/services/items.py")


FILES = {
    "shop/main.py": "from fastapi import FastAPI\nfrom shop.orders import router\n"
    "app = FastAPI()\napp.include_router(router)\n",
    "shop/orders.py": "from fastapi import APIRouter\nrouter = APIRouter()\n"
    "\n\n@router.get('/')\ndef get(): ...\n",
    "shop/rows.py": "from sqlmodel import Field, SQLModel\n\n\nclass Order(SQLModel, table=True):\n"
    "    id: int = Field(primary_key=True)\n",
}


def project(options: Options) -> Project:
    return Project({path: SourceFile(path, text.encode()) for path, text in FILES.items()}, options)


def test_a_project_knows_its_layers() -> None:
    layers = project(Options()).layers
    assert layers.names == FOUND
    assert {path: name_of(layers, path) for path in FILES} == {
        "shop/main.py": None,
        "shop/orders.py": "routes",
        "shop/rows.py": "models",
    }


def test_a_project_takes_its_layers_from_the_configuration() -> None:
    configured = (ConfiguredLayer(name="all", paths=("shop/*.py",)),)
    assert {name_of(project(Options(layers=configured)).layers, path) for path in FILES} == {"all"}
