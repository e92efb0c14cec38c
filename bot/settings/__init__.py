"""The settings of a service, from its environment."""

from __future__ import annotations

from bot.settings.loading import load
from bot.settings.missing import missing_for_receiver, missing_for_sweeper, missing_for_worker
from bot.settings.variables import Settings, SettingsError

__all__ = [
    "Settings",
    "SettingsError",
    "load",
    "missing_for_receiver",
    "missing_for_sweeper",
    "missing_for_worker",
]
