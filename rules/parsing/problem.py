"""Why a file is not analysed."""

from __future__ import annotations


class NotAnalysed(Exception):
    """The file gives no tree; the message says why, for the report. The file's names become unknown."""
