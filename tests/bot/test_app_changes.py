from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from bot.app_changes import ACTED_ON, AppChange, app_change
from bot.delivery import Delivery
from bot.payload import Payload
from tests.github.packages import WEBHOOKS_EXAMPLES, package_folder

HOST, APP = "api.github.com", "9"


def delivered(event: str, document: dict[str, Any]) -> Delivery:
    payload = msgspec.json.decode(msgspec.json.encode(document), type=Payload)
    return Delivery(guid="guid-1", event=event, host=HOST, app=APP, payload=payload)


def examples(event: str) -> list[dict[str, Any]]:
    index = json.loads((package_folder(WEBHOOKS_EXAMPLES) / "api.github.com" / "index.json").read_bytes())
    (found,) = [each["examples"] for each in index if each["name"] == event]
    return list(found)


def test_githubs_own_examples_are_understood() -> None:
    seen: dict[str, int] = {}
    for event in sorted(ACTED_ON):
        for document in examples(event):
            change = app_change(delivered(event, document))
            name = f"{event}.{document['action']}"
            seen[name] = seen.get(name, 0) + (change is not None)
            if change is None:
                continue
            assert change.installation == document["installation"]["id"]
            assert change.gone == (document["action"] in {"deleted", "suspend"} and event == "installation")
            listed = [
                each["id"]
                for key in ("repositories", "repositories_added", "repositories_removed")
                for each in document.get(key, ())
            ]
            assert event == "repository" or sorted((*change.left, *change.came)) == sorted(listed)
    assert seen["installation.created"] >= 1
    assert seen["installation.deleted"] >= 1
    assert seen["installation_repositories.added"] >= 1
    assert seen["installation_repositories.removed"] >= 1


@pytest.mark.parametrize("action", ["renamed", "privatized", "publicized", "edited", "archived", "created"])
def test_a_repository_that_keeps_its_id_needs_nothing(action: str) -> None:
    document = {
        "action": action,
        "installation": {"id": 11},
        "repository": {"id": 22, "name": "shop", "owner": {"login": "ada"}},
    }
    assert app_change(delivered("repository", document)) is None


def test_a_deleted_repository_left() -> None:
    document = {
        "action": "deleted",
        "installation": {"id": 11},
        "repository": {"id": 22, "name": "shop", "owner": {"login": "ada"}},
    }
    expected = AppChange(host=HOST, app=APP, installation=11, left=(22,))
    assert app_change(delivered("repository", document)) == expected
