"""Arguments of libraries that are secrets: keys that sign, passwords of connections, clients' credentials."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import Application, Const, Dictionary, Value, alternatives
from rules.project.hardening.library_uses import AttributeSet, LibraryUse, Use
from rules.project.taint.library_calls import dotted_name
from rules.project.tokens.token_calls import Act, token_call


@dataclass(frozen=True, slots=True, eq=False)
class SecretSink:
    """A value that is used as a secret. `is_url` where only a password inside it is one.

    `certain` where the library itself calls it a secret, not just a keyword of that name.
    """

    what: str
    value: Value
    use: Use
    is_url: bool = False
    certain: bool = True
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class _Argument:
    what: str
    position: int | None
    names: tuple[str, ...]
    is_url: bool = False


_URLS: dict[str, tuple[int | None, tuple[str, ...]]] = {
    r"(sqlalchemy|sqlmodel)\.(.*\.)?(create_engine|create_async_engine)": (0, ("url",)),
    r"(asyncpg|psycopg|psycopg2|aiopg)\.(connect|create_pool)": (0, ("dsn", "conninfo")),
    r"psycopg_pool\.\w+": (0, ("conninfo",)),
    r"databases\.(core\.)?Database": (0, ("url",)),
    r"(redis|aioredis)\.(.*\.)?from_url": (0, ("url",)),
    r"(pymongo|motor)\.(.*\.)?(MongoClient|AsyncMongoClient|AsyncIOMotorClient)": (0, ("host",)),
    r"(aio_pika|aiormq)\.(.*\.)?(connect|connect_robust)": (0, ("url",)),
    r"pika\.(.*\.)?URLParameters": (0, ("url",)),
    r"tortoise\.(.*\.)?(init|register_tortoise)": (None, ("db_url",)),
}
_KEYS: dict[str, tuple[str, int, str]] = {
    r"itsdangerous\.(.*\.)?\w*(Serializer|Signer)": ("the key of `{}`", 0, "secret_key"),
    r"hmac\.(new|digest)": ("the key of `{}`", 0, "key"),
    r"cryptography\.fernet\.Fernet": ("the key of `{}`", 0, "key"),
    r"httpx_oauth\.(.*\.)?\w*OAuth2": ("the client secret of `{}`", 1, "client_secret"),
    r"fastapi_users\.(.*\.)?JWTStrategy": ("the key of `{}`", 0, "secret"),
    r"twilio\.(.*\.)?Client": ("the token of `{}`", 1, "password"),
    r"slack_sdk\.(.*\.)?(Async)?WebClient": ("the token of `{}`", 0, "token"),
    r"(smtplib|aiosmtplib)\.(.*\.)?login": ("the password of `{}`", 1, "password"),
    r"sendgrid\.(.*\.)?SendGridAPIClient": ("the key of `{}`", 0, "api_key"),
}
_CONNECTIONS = {r"celery\.(.*\.)?Celery": ("broker", "backend")}
_ARGUMENTS = [
    *(
        (re.compile(rf"^{p}$"), _Argument("the database URL's password", w[0], w[1], is_url=True))
        for p, w in _URLS.items()
    ),
    *((re.compile(rf"^{p}$"), _Argument(w[0], w[1], (w[2],))) for p, w in _KEYS.items()),
    *(
        (re.compile(rf"^{p}$"), _Argument("the connection URL's password", None, (n,), is_url=True))
        for p, w in _CONNECTIONS.items()
        for n in w
    ),
]
_METHODS = frozenset(
    {
        "create_engine", "create_async_engine", "connect", "create_pool", "Database", "from_url",
        "MongoClient",
        "AsyncMongoClient", "AsyncIOMotorClient", "connect_robust", "URLParameters", "init",
        "register_tortoise",
        "new", "digest", "Fernet", "JWTStrategy", "Client", "WebClient", "AsyncWebClient", "login",
        "SendGridAPIClient", "Celery", "ConnectionPool", "AsyncConnectionPool",
    }
)  # fmt: skip
_KEYWORDS = {
    "secret_key": "the secret key of `{}`", "client_secret": "the client secret of `{}`",
    "api_key": "the API key of `{}`", "aws_secret_access_key": "the access key of `{}`",
    "password": "the password of `{}`", "jwt_secret": "the key of `{}`", "auth_token": "the token of `{}`",
    "app_secret": "the secret of `{}`", "consumer_secret": "the secret of `{}`",
}  # fmt: skip
_NOT_CLIENTS = frozenset(
    {
        "builtins", "logging", "loguru", "structlog", "pytest", "faker", "typing", "pydantic", "fastapi",
        "sqlmodel",
        "dataclasses", "collections", "functools", "types", "attr", "attrs", "argparse", "click", "typer", "",
        "factory", "polyfactory", "unittest", "wtforms", "marshmallow", "flask_wtf", "strawberry", "graphene",
    }
)  # fmt: skip
_ENDINGS = ("Serializer", "Signer", "OAuth2")
_HTTP = frozenset({"httpx", "requests", "aiohttp"})


def secret_sinks(uses: Iterator[LibraryUse]) -> Iterator[SecretSink]:
    """The secrets that calls are given."""
    for use in uses:
        found = list(_of_call(use))
        yield from found
        if not found:
            yield from _named(use)
        if use.call.library in _HTTP:
            yield from _authorization(use)


def assigned_secrets(uses: Iterator[AttributeSet]) -> Iterator[SecretSink]:
    """`stripe.api_key = …`: the keys that are set on a library's module."""
    for use in uses:
        if use.name in {"api_key", "secret_key"}:
            library = dotted_name(use.owner)
            if library and library.partition(".")[0] not in _NOT_CLIENTS:
                yield SecretSink(f"the API key of `{library}`", use.value, use)


def _of_call(use: LibraryUse) -> Iterator[SecretSink]:
    token = token_call(use.effect.value)
    if token is not None:
        if token.act in {Act.ENCODE, Act.DECODE} and token.key is not None:
            yield SecretSink(f"the key of `{_short(use)}`", token.key, use)
        return
    method = use.call.method
    if method not in _METHODS and not method.endswith(_ENDINGS):
        return
    for pattern, argument in _ARGUMENTS:
        if pattern.match(use.call.name):
            keywords = use.call.arguments.keywords
            given = next((keywords[n] for n in argument.names if n in keywords), None)
            if given is None and argument.position is not None:
                given = use.call.arguments.get(argument.position, "")
            if given is not None:
                yield SecretSink(argument.what.format(_short(use)), given, use, is_url=argument.is_url)


def _named(use: LibraryUse) -> Iterator[SecretSink]:
    """Keywords that libraries give to secrets; the name alone speaks, so it is no certainty."""
    if use.call.library in _NOT_CLIENTS:
        return
    for name, value in use.call.arguments.keywords.items():
        what = _KEYWORDS.get(name)
        if what is not None:
            certain = name in {"secret_key", "client_secret", "aws_secret_access_key"} or _connects(use)
            yield SecretSink(what.format(_short(use)), value, use, certain=certain)


def _connects(use: LibraryUse) -> bool:
    return use.call.name in {"sqlalchemy.URL.create", "sqlalchemy.engine.URL.create"} or (
        use.call.method in {"connect", "create_pool", "Redis", "StrictRedis"}
    )


def _authorization(use: LibraryUse) -> Iterator[SecretSink]:
    """`headers={"Authorization": "Bearer …"}` of an HTTP client."""
    headers = use.call.arguments.keywords.get("headers")
    for alternative in alternatives(headers) if headers is not None else ():
        if isinstance(alternative.value, Dictionary):
            for key, value in alternative.value.items:
                name = key.value.lower() if isinstance(key, Const) and isinstance(key.value, str) else ""
                if name in {"authorization", "x-api-key", "api-key"}:
                    yield SecretSink(f"the credential that `{_short(use)}` sends", value, use, is_header=True)


def middleware_secret(value: Value, name: str, use: Use) -> SecretSink:
    """The key that a middleware signs cookies with."""
    return SecretSink(f"the key of `{name}`", value, use)


def _short(use: LibraryUse) -> str:
    value = use.effect.value
    node = value.origin.node if isinstance(value, Application) else use.effect.origin.node
    text = use.effect.origin.module.source.segment(node).partition("(")[0]
    return " ".join(text.split()) or use.call.method
