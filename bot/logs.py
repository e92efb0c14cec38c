"""Structured logs on stderr, one JSON object a line, with secrets taken out of every text."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Collection, Iterator
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

SECRETS = re.compile(
    r"gh[oprsu]_[A-Za-z0-9_.\-]{10,}"
    r"|github_pat_[A-Za-z0-9_]{10,}"
    r"|eyJ[A-Za-z0-9_\-]{5,}\.[A-Za-z0-9_\-.]{5,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"
    r"|(?i:(?<=authorization: )|(?<=authorization\": \")|(?<=authorization': '))[^\"'\r\n]+",
    re.DOTALL,
)
"""GitHub's tokens, JWTs, private keys, passwords in URLs, Authorization headers.

Token shapes: https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
"""

SHORTEST_SECRET = 6

QUIET = ("httpx", "httpcore", "rq.worker", "rq.queue", "rq.registry", "rq.scheduler", "uvicorn.error")


def configure(level: str, *, secrets: Collection[str] = ()) -> None:
    """Send structlog's and the standard library's logs to stderr from `level` on.

    `secrets` are texts that no shape gives away: they are taken out too.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = [
        structlog.processors.format_exc_info,
        Redaction(secrets),
        structlog.processors.JSONRenderer(),
    ]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )
    handler.setFormatter(formatter)
    logging.basicConfig(level=number, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))


class Redaction:
    """Takes secrets out of every text of a log event: those of known shape, and the ones given."""

    def __init__(self, secrets: Collection[str]) -> None:
        spoken = sorted({form for secret in secrets for form in _forms(secret)}, key=len, reverse=True)
        self._spoken = re.compile("|".join(map(re.escape, spoken))) if spoken else None

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """The event without them."""
        return {key: self._clean(redacted(value)) for key, value in event.items()}

    def _clean(self, value: Any) -> Any:  # noqa: ANN401
        if self._spoken is None:
            return value
        if isinstance(value, str):
            return self._spoken.sub("[secret]", value)
        if isinstance(value, dict):
            return {key: self._clean(inner) for key, inner in value.items()}
        return [self._clean(inner) for inner in value] if isinstance(value, list) else value


def _forms(secret: str) -> Iterator[str]:
    """The secret as it is, and as it stands in the repr of text or bytes. Too short ones would hit words."""
    if len(secret) >= SHORTEST_SECRET:
        yield from (secret, repr(secret)[1:-1], repr(secret.encode())[2:-1])


def redacted(value: Any) -> Any:  # noqa: ANN401
    """The same value with every secret in its texts replaced."""
    if isinstance(value, str):
        return SECRETS.sub("[secret]", value)
    if isinstance(value, bytes):
        return redacted(value.decode(errors="replace"))
    if isinstance(value, dict):
        return {key: redacted(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [redacted(inner) for inner in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return redacted(str(value))
