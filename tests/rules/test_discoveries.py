from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import rules
from bot.console.configuration_draft import draft
from rules.configuration.loading import read
from rules.configuration.options import Application

APPS = Path(__file__).resolve().parents[1] / "apps"


@cache
def tree(name: str) -> dict[str, bytes]:
    folder = APPS / name
    found = {
        path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()
    }
    return {name: path.read_bytes() for name, path in found.items() if rules.interesting(name)}


@cache
def discovered(name: str) -> rules.Discovery:
    return rules.discover(tree(name), rules.Options())


def test_applications_of_one_name_have_their_own_roots() -> None:
    assert discovered("backends_monorepo").applications == (
        Application(root="billing", app="app.main:app"),
        Application(root="orders", app="app.main:app"),
    )


def test_a_factory_is_called() -> None:
    assert [one.app for one in discovered("routes_factory").applications] == ["shop.factory:create_app()"]


def test_no_application_is_no_failure() -> None:
    found = discovered("migrations_plain")
    assert (found.applications, found.public, found.layers) == ((), (), ())


def test_who_authenticates_and_who_is_privileged() -> None:
    found = discovered("protected_notes")
    assert "notes.security.get_current_user" in [one.name for one in found.authenticating]
    assert [one.name for one in found.admin] == ["notes.security.require_admin"]
    assert [one.name for one in discovered("isolation_authentication").optional] == ["main.maybe_user"]


def test_the_scheme_of_a_library_is_not_proposed() -> None:
    found = discovered("openapi_security")
    assert not [
        one.name for one in (*found.authenticating, *found.optional) if one.name.startswith("fastapi.")
    ]


def test_users_and_owners() -> None:
    found = discovered("protected_shop")
    assert found.user_tables == ("customer",)
    assert found.owner_columns == ("address.customer_id", "order.customer_id", "voucher.holder_id")


def test_a_layer_is_named_by_the_widest_folders_that_are_its_own() -> None:
    found = discovered("protected_notes")
    paths = {layer.name: layer.paths for layer in found.layers}
    for name, content in tree("protected_notes").items():
        if b"APIRouter(" in content:
            assert any(f"/{name}".startswith(path) for path in paths["routes"])
    everything = [path for found_paths in paths.values() for path in found_paths]
    assert len(set(everything)) == len(everything)


@pytest.mark.parametrize("name", ["protected_crm", "protected_shop", "backends_monorepo", "isolation_layers"])
def test_what_is_found_says_the_same_when_it_is_configured(name: str) -> None:
    text = re.sub("^# ", "", draft(discovered(name), None).decode(), flags=re.MULTILINE)
    options = read("x.yml", text[: text.index("## API specifications")].encode())
    assert options.applications != ()

    def findings(by: rules.Options) -> list[tuple[str, str, int]]:
        return [(found.rule, found.path, found.line) for found in rules.review(tree(name), by).findings]

    assert findings(options) == findings(rules.Options())
