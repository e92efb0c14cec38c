from __future__ import annotations

import stat
from pathlib import Path

import pytest
import yaml

from bot import credentials, settings
from bot.credentials import BadCredentials, Credentials
from bot.registration import DESCRIPTION, EVENTS, HOMEPAGE, PERMISSIONS
from bot.setup.door import Door
from bot.setup.limit import RequestLimit
from bot.setup.manifest import Described, problems, registration_address

ROOT = Path(__file__).parents[2]
FORM = Described(public_url="https://a.example.com", organization="", name="Reviewer", keep="store")
CREDENTIALS = Credentials(
    api_url="https://api.github.com",
    app_id=7,
    slug="reviewer",
    page="https://github.com/apps/reviewer",
    webhook_secret="hush-hush",
    private_key="-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
)


def test_the_manifest_asks_for_what_app_yml_says() -> None:
    written = yaml.safe_load((ROOT / "app.yml").read_text())
    assert (written["default_permissions"], tuple(written["default_events"])) == (dict(PERMISSIONS), EVENTS)
    assert (written["url"], written["description"]) == (HOMEPAGE, DESCRIPTION)


@pytest.mark.parametrize(
    ("address", "github_url", "good"),
    [
        ("https://a.example.com", "https://github.com", True),
        ("https://a.example.com:8443/architect", "https://github.com", True),
        ("https://localhost", "https://github.com", False),
        ("http://127.0.0.1:8000", "https://github.com", False),
        ("http://10.1.2.3", "https://github.com", False),
        ("http://architect", "https://github.com", False),
        ("http://architect", "https://git.example.com", True),
        ("http://127.0.0.1:8000", "http://127.0.0.1:9", True),
        ("https://u:p@a.example.com", "https://git.example.com", False),
        ("https://a.example.com/?x=1", "https://git.example.com", False),
        ("https://a.example.com:99999", "https://git.example.com", False),
        ("javascript:alert(1)", "https://git.example.com", False),
        ("https://", "https://git.example.com", False),
        ("https://[::1", "https://git.example.com", False),
        ("", "https://git.example.com", False),
    ],
)
def test_an_address_that_github_cannot_reach_is_not_taken(
    address: str, github_url: str, *, good: bool
) -> None:
    form = Described(public_url=address, organization="", name="Reviewer", keep="store")
    assert ("public_url" not in problems(form, github_url)) is good


def test_the_organisation_cannot_lead_elsewhere() -> None:
    form = Described(public_url="https://a.example.com", organization="../x", name="Reviewer", keep="store")
    assert problems(form, "https://github.com").keys() == {"organization"}
    named = Described(public_url="https://a.example.com", organization="octo-org", name="R", keep="store")
    address = registration_address(named, "https://github.com", "s&t")
    assert address == "https://github.com/organizations/octo-org/settings/apps/new?state=s%26t"


def test_sessions_and_states_end() -> None:
    now = [0.0]
    tokens: list[str] = []
    door = Door(tokens.append, clock=lambda: now[0])
    session = door.enter(tokens[0])
    assert session is not None
    early, late = door.leave(session, FORM), door.leave(session, FORM)
    assert door.come_back(session, early) is not None
    assert door.come_back(session, early) is None
    now[0] = 3_601
    assert door.come_back(session, late) is None
    assert door.session(session.key) is None
    assert (door.enter("é"), len(tokens)) == (None, 1)
    assert (door.enter(tokens[0]), len(tokens)) == (None, 2)
    assert door.enter(tokens[1]) is not None


def test_a_client_waits_when_it_asks_too_often() -> None:
    now = [0.0]
    limit = RequestLimit(clock=lambda: now[0])
    assert [limit.wait("a") for _ in range(31)] == [0] * 30 + [2]
    assert limit.wait("b") == 0
    now[0] = 2.0
    assert (limit.wait("a"), limit.wait("a")) == (0, 2)


def test_credentials_are_kept_for_this_user_alone(tmp_path: Path) -> None:
    assert credentials.load(tmp_path) is None
    folder = credentials.store(tmp_path, CREDENTIALS)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert sorted(path.name for path in folder.iterdir()) == ["app.json", "private-key.pem"]
    assert credentials.load(tmp_path) == CREDENTIALS
    assert "hush-hush" not in repr(CREDENTIALS)
    (folder / "app.json").write_text("{")
    with pytest.raises(BadCredentials, match="is damaged"):
        credentials.load(tmp_path)


def test_kept_credentials_are_used_where_none_are_given(tmp_path: Path) -> None:
    credentials.store(tmp_path, CREDENTIALS)
    used = settings.load({"DATA_FOLDER": str(tmp_path)})
    assert (used.github_app_id, used.webhook_secrets) == ("7", (b"hush-hush",))
    assert used.private_key() == CREDENTIALS.private_key
    assert not used.unregistered
    rotated = settings.load({"DATA_FOLDER": str(tmp_path), "GITHUB_WEBHOOK_SECRET_PREVIOUS": "old"})
    assert rotated.webhook_secrets == (b"hush-hush", b"old")
    given = settings.load({"DATA_FOLDER": str(tmp_path), "GITHUB_APP_ID": "8"})
    assert (given.github_app_id, given.webhook_secrets) == ("8", ())
    with pytest.raises(settings.SettingsError, match="GITHUB_API_URL"):
        settings.load({"DATA_FOLDER": str(tmp_path), "GITHUB_API_URL": "https://git.example.com/api/v3"})
