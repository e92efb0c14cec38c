"""`serve`: the whole service as one process tree, or the parts of it that are asked for."""

from __future__ import annotations

import contextlib
import enum
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator

import msgspec

from bot import logs, redis_server, settings
from bot.console.failure import CommandFailure
from bot.settings import Settings, SettingsError
from bot.supervisor import Program, supervise


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


def run(roles: frozenset[Role] = EVERYTHING, *, workers: int | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C. Raises `CommandFailure` if the environment is not enough."""
    chosen = load(roles, workers=workers)
    logs.configure(chosen.log_level)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with _environment(chosen, roles, dict(os.environ)) as (served, programs):
        if served.url is not None:
            print(f"Listening for deliveries on {served.url}/webhook", flush=True)
        supervise(programs, stopping, stop_seconds=chosen.stop_seconds)


@contextlib.contextmanager
def running(chosen: Settings, environment: dict[str, str]) -> Iterator[Served]:
    """The whole service beside the caller, in processes of its own; stopped when the block ends.

    `environment` must give the same settings as `chosen`: it is what the processes see.
    """
    stopping = threading.Event()
    with _environment(chosen, EVERYTHING, environment) as (served, programs):
        options = {"stop_seconds": chosen.stop_seconds}
        thread = threading.Thread(target=supervise, args=(programs, stopping), kwargs=options, name="serve")
        thread.start()
        try:
            yield served
        finally:
            stopping.set()
            thread.join()


def load(roles: frozenset[Role], *, workers: int | None = None) -> Settings:
    """The settings, complete for `roles`. Raises `CommandFailure` that names everything that is missing."""
    try:
        loaded = settings.load()
    except SettingsError as error:
        raise CommandFailure(str(error)) from None
    lines = [line for role in Role if role in roles for line in _MISSING[role](loaded)]
    if not loaded.redis_url and Role.RECEIVER not in roles:
        lines.append("REDIS_URL is not set: give the address of the Redis that the receiver uses.")
    if lines:
        raise CommandFailure("\n".join(dict.fromkeys(lines)))
    return loaded if workers is None else loaded.model_copy(update={"workers": workers})


@contextlib.contextmanager
def _environment(
    chosen: Settings, roles: frozenset[Role], environment: dict[str, str]
) -> Iterator[tuple[Served, tuple[Program, ...]]]:
    with contextlib.ExitStack() as stack:
        redis_url = chosen.redis_url or _own_redis(stack, chosen)
        environment = {**environment, "REDIS_URL": redis_url}
        url: str | None = None
        descriptors: tuple[int, ...] = ()
        if Role.RECEIVER in roles:
            listening = stack.enter_context(_listen(chosen))
            host, port = listening.getsockname()[:2]
            url, descriptors = f"http://{f'[{host}]' if ':' in host else host}:{port}", (listening.fileno(),)
            environment["ARCHITECT_SOCKET"] = str(listening.fileno())
        counts = {Role.RECEIVER: 1, Role.SWEEPER: 1, Role.WORKER: chosen.workers}
        programs = tuple(
            Program(
                name=role,
                command=(sys.executable, "-P", "-m", "bot.console.role", role.value),
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
        raise CommandFailure(str(error)) from None


def _listen(chosen: Settings) -> socket.socket:
    """The listening socket: it outlives the receiver's process, so a restart loses no delivery."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            chosen.host, chosen.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CommandFailure(
            f"Cannot listen on {chosen.host}:{chosen.port}: {reason}; set HOST or PORT to another."
        ) from None
    return listening
