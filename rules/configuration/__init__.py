"""The configuration of a reviewed repository: its keys, where it stands, its mistakes."""

from __future__ import annotations

from rules.configuration.loading import CONFIGURATION_PATHS, load, read
from rules.configuration.options import Options
from rules.configuration.problem import ConfigurationError, Problem
from rules.configuration.selection import judged, selected
from rules.configuration.validation import unknown_selector

__all__ = [
    "CONFIGURATION_PATHS",
    "ConfigurationError",
    "Options",
    "Problem",
    "judged",
    "load",
    "read",
    "selected",
    "unknown_selector",
]
