"""`worker`: workers alone, on the Redis that `REDIS_URL` names."""

from __future__ import annotations

from bot.console import serve
from bot.service import Role


def run(*, workers: int | None = None) -> None:
    """Work until SIGTERM or Ctrl-C. Raises `CommandFailure` if the environment is not enough."""
    serve.run(frozenset({Role.WORKER}), workers=workers)
