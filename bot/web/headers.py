"""Headers that every answer carries, errors included."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
NOTHING_ALLOWED = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
HTTPS_ALONE = (b"strict-transport-security", b"max-age=31536000")


class SecureHeaders:
    """The application with these headers on its answers; one that has a header already keeps it."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": secured(message["headers"], scope["scheme"])}
            await send(message)

        await self._application(scope, receive, send_secured)


def secured(given: list[tuple[bytes, bytes]], scheme: str) -> list[tuple[bytes, bytes]]:
    """The headers with those that lack. `scheme` is the request's."""
    wanted = (*ALWAYS, NOTHING_ALLOWED, *((HTTPS_ALONE,) if scheme == "https" else ()))
    names = {name.lower() for name, _ in given}
    return [*given, *(header for header in wanted if header[0] not in names)]
