"""The configuration of a reviewed repository: its keys, where it stands, its mistakes."""

from __future__ import annotations

from rules.configuration.loading import CONFIGURATION_PATHS, YAML_PATH, load, places, read
from rules.configuration.options import Options
from rules.configuration.problem import ConfigurationError, Problem
from rules.configuration.selection import judged, selected
from rules.configuration.validation import unknown_selector

__all__ = [
    "CONFIGURATION_PATHS",
    "YAML_PATH",
    "ConfigurationError",
    "Options",
    "Problem",
    "judged",
    "load",
    "places",
    "read",
    "selected",
    "unknown_selector",
]
