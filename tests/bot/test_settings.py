from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import (
    Settings,
    SettingsError,
    load,
    missing_for_receiver,
    missing_for_sweeper,
    missing_for_worker,
)

PEM = "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"


def test_without_an_environment_everything_has_its_default() -> None:
    settings = load({})
    assert (settings.github_api_url, settings.github_web_url) == (
        "https://api.github.com",
        "https://github.com",
    )
    assert settings.webhook_secrets == ()
    assert settings.retry_seconds == (5, 30, 120, 600)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_APP_ID", "42")
    monkeypatch.setenv("RETRY_SECONDS", "0.5,1")
    monkeypatch.setenv("REDIS_URL", "")
    settings = load()
    assert (settings.github_app_id, settings.redis_url) == ("42", "")
    assert settings.retry_seconds == (0.5, 1.0)


def test_a_given_environment_is_read_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_APP_ID", "42")
    given = {"PORT": "9000", "DATA_FOLDER": "/srv/x", "RETRY_SECONDS": "1", "UNRELATED": "y"}
    settings = load(given)
    assert (settings.port, settings.data_folder, settings.github_app_id) == (9000, Path("/srv/x"), "")
    assert settings.retry_seconds == (1.0,)


def test_settings_do_not_change_and_do_not_show_secrets() -> None:
    settings = load({"GITHUB_WEBHOOK_SECRET": "hush-hush", "GITHUB_PRIVATE_KEY": PEM})
    assert "hush-hush" not in repr(settings)
    assert "AAAA" not in repr(settings)
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]


def test_both_secrets_count_while_one_is_rotated() -> None:
    settings = load({"GITHUB_WEBHOOK_SECRET": "new", "GITHUB_WEBHOOK_SECRET_PREVIOUS": "old"})
    assert settings.webhook_secrets == (b"new", b"old")


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("PORT", "many", "PORT has a wrong value"),
        ("PORT", "70000", "PORT has a wrong value"),
        ("GITHUB_APP_ID", "my-app", "GITHUB_APP_ID has a wrong value: must be the App's numeric id."),
        ("GITHUB_API_URL", "api.github.com", "GITHUB_API_URL has a wrong value: must be an http or https"),
        ("GITHUB_API_URL", "https://u:p@h/api", "GITHUB_API_URL has a wrong value: must be an http or https"),
        ("RETRY_SECONDS", "soon", "RETRY_SECONDS has a wrong value"),
        ("QUEUE", "two words", "QUEUE has a wrong value"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL has a wrong value"),
    ],
)
def test_a_wrong_value_is_named_in_one_line(name: str, value: str, part: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load({name: value})
    assert len(caught.value.lines) == 1
    assert caught.value.lines[0].startswith(part)
    assert "\n" not in caught.value.lines[0]


def test_what_is_missing_is_named_for_each_part() -> None:
    nothing = load({})
    assert [line.split()[0] for line in missing_for_receiver(nothing)] == [
        "GITHUB_APP_ID",
        "GITHUB_WEBHOOK_SECRET",
    ]
    assert [line.split()[0] for line in missing_for_worker(nothing)] == [
        "GITHUB_APP_ID",
        "GITHUB_PRIVATE_KEY_PATH",
    ]
    assert [line.split()[0] for line in missing_for_sweeper(nothing)] == ["GITHUB_APP_ID"]


def complete(**more: str) -> Settings:
    return load({"GITHUB_APP_ID": "42", "GITHUB_WEBHOOK_SECRET": "s", **more})


def test_nothing_is_missing_from_a_complete_environment(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_text(PEM)
    for settings in (
        complete(GITHUB_PRIVATE_KEY=PEM),
        complete(GITHUB_PRIVATE_KEY=PEM.replace("\n", "\\n")),
        complete(GITHUB_PRIVATE_KEY_PATH=str(file)),
    ):
        assert missing_for_receiver(settings) == missing_for_worker(settings) == ()
        assert settings.private_key() == PEM


def test_a_key_that_is_none_is_named(tmp_path: Path) -> None:
    absent = complete(GITHUB_PRIVATE_KEY_PATH=str(tmp_path / "none.pem"))
    assert missing_for_worker(absent) == (
        "GITHUB_PRIVATE_KEY_PATH cannot be read: No such file or directory.",
    )
    both = complete(GITHUB_PRIVATE_KEY=PEM, GITHUB_PRIVATE_KEY_PATH="x")
    assert missing_for_worker(both)[0].startswith("GITHUB_PRIVATE_KEY and GITHUB_PRIVATE_KEY_PATH")
    assert missing_for_worker(complete(GITHUB_PRIVATE_KEY="AAAA"))[0].startswith("The App's private key")


def test_an_enterprise_server_is_found_from_its_api() -> None:
    settings = load({"GITHUB_API_URL": "https://git.example.com:8443/api/v3/"})
    assert settings.github_host == "git.example.com:8443"
    assert settings.github_web_url == "https://git.example.com:8443"
    named = load({"GITHUB_API_URL": "http://127.0.0.1:1/", "GITHUB_URL": "http://127.0.0.1:2/"})
    assert named.github_web_url == "http://127.0.0.1:2"


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
