"""The environment as frozen settings. What is wrong is named in one line each, with a remedy."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot import credentials
from bot.credentials import BadCredentials
from bot.settings.variables import Settings, SettingsError


class _GivenSettings(Settings):
    """Settings that do not look at the process's environment."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is passed in."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of `environment`, by default the process's. Raises `SettingsError` for wrong values.

    Where it says nothing of an App, the one that the set-up page registered is used.
    """
    try:
        if environment is None:
            return _with_stored_app(Settings())
        names = {name.upper(): name for name in Settings.model_fields}
        given = {names[key]: value for key, value in environment.items() if key in names and value}
        return _with_stored_app(_GivenSettings.model_validate(given))
    except ValidationError as error:
        raise SettingsError(tuple(_fault(fault["loc"], fault["msg"]) for fault in error.errors())) from None


def _with_stored_app(given: Settings) -> Settings:
    if not given.unregistered:
        return given
    try:
        stored = credentials.load(given.data_folder)
    except BadCredentials as error:
        raise SettingsError((str(error),)) from None
    if stored is None:
        return given
    if stored.api_url != given.github_api_url:
        place = credentials.folder(given.data_folder)
        raise SettingsError(
            (f"The App in {place} is registered at {stored.api_url}: set GITHUB_API_URL to that.",)
        )
    update = {
        "github_app_id": str(stored.app_id),
        "github_private_key_path": credentials.private_key_path(given.data_folder),
        "github_webhook_secret": SecretStr(stored.webhook_secret),
    }
    return given.model_copy(update=update)


def _fault(location: tuple[int | str, ...], message: str) -> str:
    return f"{str(location[0]).upper()} has a wrong value: {message.removeprefix('Value error, ')}."
