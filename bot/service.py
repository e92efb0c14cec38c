"""The service: its processes, what they listen on and the Redis they share, started and supervised."""

from __future__ import annotations

import contextlib
import enum
import socket
import sys
import threading
from collections.abc import Iterator

import msgspec

from bot import redis_server, settings
from bot.settings import Settings, SettingsError
from bot.supervisor import Program, supervise


class ServiceError(Exception):
    """The service cannot start; each line of the message names one fault and its remedy."""


class Role(enum.StrEnum):
    """The kinds of processes that the service is made of."""

    RECEIVER = "receiver"
    WORKER = "worker"
    SWEEPER = "sweeper"


EVERYTHING = frozenset(Role)

_MISSING = {
    Role.RECEIVER: settings.missing_for_receiver,
    Role.WORKER: settings.missing_for_worker,
    Role.SWEEPER: settings.missing_for_sweeper,
}


class Served(msgspec.Struct, frozen=True):
    """Where a running service is: `url` is None without a receiver."""

    url: str | None
    redis_url: str


@contextlib.contextmanager
def running(chosen: Settings, environment: dict[str, str]) -> Iterator[Served]:
    """The whole service beside the caller, in processes of its own; stopped when the block ends.

    `environment` must give the same settings as `chosen`: it is what the processes see.
    """
    stopping = threading.Event()
    with environment_of(chosen, EVERYTHING, environment) as (served, programs):
        options = {"stop_seconds": chosen.stop_seconds}
        thread = threading.Thread(target=supervise, args=(programs, stopping), kwargs=options, name="serve")
        thread.start()
        try:
            yield served
        finally:
            stopping.set()
            thread.join()


def load(roles: frozenset[Role], *, workers: int | None = None) -> Settings:
    """The settings, complete for `roles`. Raises `ServiceError` that names everything that is missing."""
    try:
        loaded = settings.load()
    except SettingsError as error:
        raise ServiceError(str(error)) from None
    lines = [line for role in Role if role in roles for line in _MISSING[role](loaded)]
    if lines and loaded.unregistered:
        lines.append("Or run `backend-architect serve` without a role: its set-up page registers an App.")
    if roles and not loaded.redis_url and Role.RECEIVER not in roles:
        lines.append("REDIS_URL is not set: give the address of the Redis that the receiver uses.")
    if lines:
        raise ServiceError("\n".join(dict.fromkeys(lines)))
    return loaded if workers is None else loaded.model_copy(update={"workers": workers})


@contextlib.contextmanager
def environment_of(
    chosen: Settings,
    roles: frozenset[Role],
    environment: dict[str, str],
    listening: socket.socket | None = None,
) -> Iterator[tuple[Served, tuple[Program, ...]]]:
    """Redis and the listening socket, and the programs that share them, until the block ends.

    `listening` is used where it is given, and stays open.
    """
    with contextlib.ExitStack() as stack:
        redis_url = chosen.redis_url or _own_redis(stack, chosen)
        environment = {**environment, "REDIS_URL": redis_url}
        url: str | None = None
        descriptors: tuple[int, ...] = ()
        if Role.RECEIVER in roles:
            listening = listening or stack.enter_context(listen(chosen))
            host, port = listening.getsockname()[:2]
            url, descriptors = f"http://{f'[{host}]' if ':' in host else host}:{port}", (listening.fileno(),)
            environment["ARCHITECT_SOCKET"] = str(listening.fileno())
        counts = {Role.RECEIVER: 1, Role.SWEEPER: 1, Role.WORKER: chosen.workers}
        programs = tuple(
            Program(
                name=role,
                command=(sys.executable, "-P", "-m", "bot.service_process", role.value),
                environment=environment,
                descriptors=descriptors if role is Role.RECEIVER else (),
            )
            for role, count in counts.items()
            if role in roles
            for _ in range(count)
        )
        yield Served(url, redis_url), programs


def _own_redis(stack: contextlib.ExitStack, chosen: Settings) -> str:
    try:
        return stack.enter_context(redis_server.running(chosen.data_folder / "redis"))
    except redis_server.NoRedis as error:
        raise ServiceError(str(error)) from None


def listen(chosen: Settings) -> socket.socket:
    """The listening socket: it outlives the receiver's process, so a restart loses no delivery.

    Raises `ServiceError` where the address is taken.
    """
    with contextlib.ExitStack() as stack:
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(
                chosen.host, chosen.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            listening = stack.enter_context(socket.socket(family, kind, protocol))
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(2048)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise ServiceError(
                f"Cannot listen on {chosen.host}:{chosen.port}: {reason}; set HOST or PORT to another."
            ) from None
        stack.pop_all()
    return listening
