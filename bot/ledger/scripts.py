"""The Lua scripts by name, read once."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from importlib import resources
from typing import Any

from redis import Redis


@functools.cache
def text(name: str) -> str:
    """The source of one script."""
    return resources.files("bot.ledger").joinpath("lua", f"{name}.lua").read_text()


def run(redis: Redis, name: str, keys: Sequence[str], args: Sequence[str | int]) -> Any:  # noqa: ANN401
    """Run a script atomically and give what it returns."""
    return redis.register_script(text(name))(keys=list(keys), args=list(args))
