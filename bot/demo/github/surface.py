"""The edge of the local GitHub: planned faults, request log and observer around API and git requests."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.demo.github.exchange import Exchange, Observer
from bot.demo.github.faults import Fault, Faults, PlannedFault, answer_of, nothing_left
from bot.demo.github.rates import Rates
from bot.demo.github.refusal import Refusal
from bot.demo.github.request_log import LoggedRequest, RequestLog, now
from bot.demo.github.tokens import TokenOwner

Work = Callable[[Request, bytes], Awaitable[Response]]
PREFIX = "/api/v3"


class Connections(Protocol):
    """Cuts the connection on which a request came."""

    def cut(self, client: tuple[str, int]) -> None: ...


def refused(refusal: Refusal) -> Response:
    return JSONResponse(refusal.body(), status_code=refusal.status, headers=refusal.headers)


@dataclasses.dataclass(slots=True, kw_only=True)
class Surface:
    """What stands between the socket and the work: limits, then faults."""

    faults: Faults
    rates: Rates
    log: RequestLog
    observe: Observer
    connections: Connections
    owner_of: Callable[[str], TokenOwner]

    async def serve(self, request: Request, work: Work) -> Response:
        """Do the work, unless a fault was planned for it; write down what happened."""
        started = time.monotonic()
        path = request.url.path.removeprefix(PREFIX)
        body = await request.body()
        installation = self.owner_of(request.headers.get("authorization", "")).installation
        limited = self.rates.take(request.method, path, installation, now())
        planned = None if limited else self.faults.take(request.method, path)
        try:
            if limited:
                response, is_cut = refused(limited), False
            else:
                response, is_cut = await self._answer(request, body, work, planned)
        except Exception:
            self._note(request, path, 500, planned, started)
            raise
        self.rates.note(path, installation, response.status_code, response.headers, now())
        self._note(request, path, 0 if is_cut else response.status_code, planned, started)
        self._show(request, path, body, response, planned)
        if is_cut:
            await self._cut(request)
        return response

    def _note(
        self, request: Request, path: str, status: int, planned: PlannedFault | None, started: float
    ) -> None:
        owner = self.owner_of(request.headers.get("authorization", ""))
        entry = LoggedRequest(
            method=request.method,
            path=path,
            status=status,
            app=owner.app,
            installation=owner.installation,
            at=now(),
            seconds=time.monotonic() - started,
            fault=planned.fault.name if planned else None,
        )
        self.log.add(entry)

    async def _answer(
        self, request: Request, body: bytes, work: Work, planned: PlannedFault | None
    ) -> tuple[Response, bool]:
        if planned is None:
            return await work(request, body), False
        refusal = answer_of(planned)
        if refusal is not None:
            return refused(refusal), False
        response = (
            Response(status_code=503) if planned.fault is Fault.DROP_BEFORE else await work(request, body)
        )
        if planned.fault is Fault.SLOW:
            await asyncio.sleep(planned.seconds)
            return response, False
        if planned.fault is Fault.SPENT:
            response.headers.update(nothing_left(planned))
            return response, False
        return response, True

    async def _cut(self, request: Request) -> None:
        client = request.client
        if client is not None:
            self.connections.cut((client.host, client.port))
        # The transport needs a turn of the loop to be lost before the answer is written to nobody.
        await asyncio.sleep(0.01)

    def _show(
        self, request: Request, path: str, body: bytes, response: Response, planned: PlannedFault | None
    ) -> None:
        exchange = Exchange(
            method=request.method,
            path=path,
            query=request.url.query,
            request_headers=dict(request.headers),
            request_body=body,
            status=response.status_code,
            response_headers=dict(response.headers),
            response_body=bytes(response.body),
            fault=planned.fault.name if planned else None,
        )
        self.observe(exchange)
