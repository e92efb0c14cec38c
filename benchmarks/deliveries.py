"""Deliveries in large numbers over a few kept connections, with the time that each answer took."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, and the seconds from the planned moment of the request until the answer was there."""

    status: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is posted; `length` is what the header says where that is not the body's own."""

    body: bytes
    event: str = "pull_request"
    guid: str = ""
    secret: str
    length: int | None = None

    def request(self, address: str) -> bytes:
        """The request as it goes over the wire."""
        parts = urlsplit(address)
        digest = hmac.new(self.secret.encode(), self.body, hashlib.sha256).hexdigest()
        lines = (
            f"POST {parts.path} HTTP/1.1",
            f"Host: {parts.netloc}",
            "Content-Type: application/json",
            f"Content-Length: {len(self.body) if self.length is None else self.length}",
            f"X-GitHub-Event: {self.event}",
            f"X-GitHub-Delivery: {self.guid or uuid.uuid4()}",
            f"X-Hub-Signature-256: sha256={digest}",
        )
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


def post(
    address: str, letters: Sequence[Letter], *, connections: int, a_second: float | None = None
) -> list[Answer]:
    """Post all, as fast as they are answered or so many `a_second`; the answers in the same order."""
    requests = [letter.request(address) for letter in letters]
    return asyncio.run(_post(address, requests, connections, a_second))


async def _post(
    address: str, requests: list[bytes], connections: int, a_second: float | None
) -> list[Answer]:
    started = time.perf_counter() + PAUSE_SECONDS
    plan = enumerate(started + number / a_second if a_second else 0.0 for number in range(len(requests)))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_converse(address, requests, plan)) for _ in range(connections)]
    answers = dict(itertools.chain.from_iterable(task.result() for task in tasks))
    return [answers[number] for number in sorted(answers)]


async def _converse(
    address: str, requests: list[bytes], plan: Iterator[tuple[int, float]]
) -> list[tuple[int, Answer]]:
    """Take requests from the plan until none is left, on one connection, or a new one where it ends."""
    parts = urlsplit(address)
    answers: list[tuple[int, Answer]] = []
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    for number, moment in plan:
        await asyncio.sleep(max(0.0, moment - time.perf_counter()))
        begun = moment or time.perf_counter()
        writer.write(requests[number])
        status, is_last = await _answer(reader)
        answers.append((number, Answer(status, time.perf_counter() - begun)))
        if is_last:
            writer.close()
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.close()
    return answers


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """The status, and whether the server ends the connection."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length))
    return int(head.split(maxsplit=2)[1]), b"connection: close" in head or b" 413 " in head[:16]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
