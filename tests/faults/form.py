"""How large the fault tests are: short for every change, long by `make faults`."""

from __future__ import annotations

import os
from typing import TypeVar

Size = TypeVar("Size")

LONG = os.environ.get("FAULTS") == "long"
FORM = "long" if LONG else "short"


def size(*, short: Size, long: Size) -> Size:
    """What this form uses."""
    return long if LONG else short
