"""Redis: reachable, new enough, and set so that it forgets nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from bot import redis_server
from bot.doctor.diagnosis import Diagnosis, fault, ok, unknown, warning
from bot.settings import Settings

OLDEST = (6, 2)
"""BLMOVE and LMOVE, without which RQ loses jobs of a killed worker."""
SECONDS = 5.0


def examine(settings: Settings) -> tuple[Diagnosis, ...]:
    """Look at the Redis that the settings name, or at the one that `serve` would start."""
    if not settings.redis_url:
        return (_embedded(),)
    try:
        with Redis.from_url(
            settings.redis_url,
            decode_responses=True,
            socket_timeout=SECONDS,
            socket_connect_timeout=SECONDS,
        ) as redis:
            return judged(redis.info())
    except (RedisError, OSError, ValueError) as error:
        remedy = "Start it, and check the address and password in REDIS_URL."
        return (fault("redis", f"Redis does not answer: {type(error).__name__}.", remedy),)


def judged(info: Mapping[str, Any]) -> tuple[Diagnosis, ...]:
    """Judge what INFO says. A managed Redis may hide some of it."""
    return _version(str(info.get("redis_version", ""))), _policy(info), _persistence(info)


def _version(text: str) -> Diagnosis:
    found = re.match(r"(\d+)\.(\d+)", text)
    if found is None:
        return unknown("redis-version", "Redis does not tell its version.", "It must be 6.2 or newer.")
    if (int(found[1]), int(found[2])) < OLDEST:
        return fault("redis-version", f"Redis {text} is too old.", "Run Redis 6.2 or newer, or Valkey.")
    return ok("redis-version", f"Redis {text}.")


def _policy(info: Mapping[str, Any]) -> Diagnosis:
    policy = info.get("maxmemory_policy")
    if policy is None:
        return unknown(
            "redis-eviction", "Redis does not tell its policy.", "Set maxmemory-policy noeviction."
        )
    if policy != "noeviction" and info.get("maxmemory", 0) != 0:
        said = f"With maxmemory-policy {policy} Redis drops work when its memory is full."
        return fault("redis-eviction", said, "Set maxmemory-policy noeviction.")
    if policy != "noeviction":
        said = f"maxmemory-policy is {policy}; it will drop work once maxmemory is set."
        return warning("redis-eviction", said, "Set maxmemory-policy noeviction.")
    return ok("redis-eviction", "Redis drops nothing when its memory is full.")


def _persistence(info: Mapping[str, Any]) -> Diagnosis:
    if "aof_enabled" not in info:
        return unknown("redis-persistence", "Redis does not tell how it persists.", "Set appendonly yes.")
    if not info["aof_enabled"]:
        said = "Redis keeps no append-only file: a restart loses work until GitHub is asked again."
        return fault("redis-persistence", said, "Set appendonly yes.")
    if info.get("aof_last_write_status") == "err":
        said = "Redis could not write its append-only file."
        return fault("redis-persistence", said, "Free its disk; its log names the reason.")
    return ok("redis-persistence", "Redis keeps an append-only file.")


def _embedded() -> Diagnosis:
    try:
        server = redis_server.find_server()
    except redis_server.NoRedis as error:
        return fault("redis", "REDIS_URL is not set and there is no Redis here.", str(error))
    return ok("redis", f"REDIS_URL is not set: `serve` starts {server}, with all it needs.")
