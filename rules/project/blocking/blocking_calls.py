"""Calls that hold the thread until something outside answers, by the symbol that is called."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from rules.evaluation.values import Application, Effect, External, Member, Parametrized, Value
from rules.project.isolation.terms import called_name
from rules.project.sessions.session_values import Mode, engine_mode, session_call


class Blocking(enum.StrEnum):
    """What a blocking call waits for."""

    DATABASE = "the database"
    HTTP = "another server"
    SLEEP = "a timer"
    PROCESS = "another process"
    SERVICE = "another service"
    HASH = "a password hash"
    FILE = "a file"


@dataclass(frozen=True, slots=True)
class BlockingCall:
    """A blocking call: what it waits for, and its name as a reader knows it."""

    kind: Blocking
    name: str


SHORT = frozenset({Blocking.HASH, Blocking.FILE})
"""What takes milliseconds."""

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "request", "send", "stream"})
_FUNCTIONS = {
    "time.sleep": Blocking.SLEEP,
    "urllib.request.urlopen": Blocking.HTTP,
    "urllib.request.urlretrieve": Blocking.HTTP,
    "os.system": Blocking.PROCESS,
    "os.popen": Blocking.PROCESS,
    "psycopg2.connect": Blocking.DATABASE,
    "psycopg.connect": Blocking.DATABASE,
    "psycopg.Connection.connect": Blocking.DATABASE,
    "pymysql.connect": Blocking.DATABASE,
    "MySQLdb.connect": Blocking.DATABASE,
    "mysql.connector.connect": Blocking.DATABASE,
    "sqlite3.connect": Blocking.DATABASE,
    "smtplib.SMTP": Blocking.SERVICE,
    "smtplib.SMTP_SSL": Blocking.SERVICE,
    "socket.create_connection": Blocking.SERVICE,
    "bcrypt.hashpw": Blocking.HASH,
    "bcrypt.checkpw": Blocking.HASH,
    "builtins.open": Blocking.FILE,
} | {
    f"subprocess.{name}": Blocking.PROCESS
    for name in ("run", "call", "check_call", "check_output", "getoutput", "getstatusoutput")
}
_MODULES = {"requests": Blocking.HTTP, "httpx": Blocking.HTTP}
_CLIENTS = {
    "requests.Session": (Blocking.HTTP, _VERBS),
    "requests.sessions.Session": (Blocking.HTTP, _VERBS),
    "requests.session": (Blocking.HTTP, _VERBS),
    "httpx.Client": (Blocking.HTTP, _VERBS),
    "urllib3.PoolManager": (Blocking.HTTP, frozenset({"request", "urlopen"})),
    "subprocess.Popen": (Blocking.PROCESS, frozenset({"wait", "communicate"})),
    "passlib.context.CryptContext": (Blocking.HASH, frozenset({"hash", "verify", "verify_and_update"})),
    "pwdlib.PasswordHash": (Blocking.HASH, frozenset({"hash", "verify", "verify_and_update"})),
    "pwdlib.PasswordHash.recommended": (Blocking.HASH, frozenset({"hash", "verify", "verify_and_update"})),
    "argon2.PasswordHasher": (Blocking.HASH, frozenset({"hash", "verify"})),
    "openai.OpenAI": (Blocking.SERVICE, frozenset({"create", "parse", "generate", "edit"})),
    "openai.AzureOpenAI": (Blocking.SERVICE, frozenset({"create", "parse", "generate", "edit"})),
    "anthropic.Anthropic": (Blocking.SERVICE, frozenset({"create"})),
}
_ANY_METHOD = {
    "boto3.client": Blocking.SERVICE,
    "boto3.resource": Blocking.SERVICE,
    "redis.Redis": Blocking.SERVICE,
    "redis.StrictRedis": Blocking.SERVICE,
    "redis.from_url": Blocking.SERVICE,
    "redis.Redis.from_url": Blocking.SERVICE,
    "pymongo.MongoClient": Blocking.DATABASE,
    "pymongo.mongo_client.MongoClient": Blocking.DATABASE,
    "psycopg2.connect": Blocking.DATABASE,
    "pymysql.connect": Blocking.DATABASE,
    "sqlite3.connect": Blocking.DATABASE,
}
_WITHOUT_WAITING = frozenset(
    {
        "close", "cursor", "pipeline", "pubsub", "get_database", "get_collection", "Table", "Bucket",
        "Object", "register_script", "lock", "find", "generate_presigned_url", "generate_presigned_post",
        "meta",
    }
)  # fmt: skip
_SESSION_METHODS = frozenset(
    {
        "exec", "execute", "scalar", "scalars", "get", "get_one", "commit", "flush", "refresh", "merge",
        "bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings",
    }
)  # fmt: skip
_QUERY_ENDS = frozenset(
    {
        "all", "first", "one", "one_or_none", "scalar", "count", "get", "delete", "update", "exists",
        "paginate",
    }
)  # fmt: skip
_ENGINE_METHODS = frozenset({"connect", "begin"})
_CHAIN = 20


def blocking_call(effect: Effect) -> BlockingCall | None:
    """What a call waits for; None for one that returns at once, awaits, or is not known."""
    call = effect.value
    if effect.kind != "call" or not isinstance(call, Application):
        return None
    if isinstance(call.function, External):
        return _of_function(call.function.name)
    if not isinstance(call.function, Member):
        return None
    return _of_session(effect) or _of_engine(call) or _of_client(call)


def _of_function(name: str) -> BlockingCall | None:
    kind = _FUNCTIONS.get(name)
    top, _, last = name.partition(".")
    if kind is None and last in _VERBS:
        kind = _MODULES.get(top)
    return None if kind is None else BlockingCall(kind, name.removeprefix("builtins."))


def _of_session(effect: Effect) -> BlockingCall | None:
    call = session_call(effect)
    if call is None or call.session.mode is not Mode.SYNC:
        return None
    waits = _SESSION_METHODS if call.direct else _QUERY_ENDS
    return (
        BlockingCall(Blocking.DATABASE, f"Session.{call.method}")
        if call.method in waits and (call.direct or _is_query(effect.value))
        else None
    )


def _is_query(value: Value) -> bool:
    """Whether a chain of calls begins with `session.query(…)`."""
    for _ in range(_CHAIN):
        if called_name(value) == "query":
            return True
        if not isinstance(value, Application) or not isinstance(value.function, Member):
            return False
        value = value.function.of
    return False


def _of_engine(call: Application) -> BlockingCall | None:
    assert isinstance(call.function, Member)
    if call.function.name in _ENGINE_METHODS and engine_mode(call.function.of) is Mode.SYNC:
        return BlockingCall(Blocking.DATABASE, f"Engine.{call.function.name}")
    return None


def _of_client(call: Application) -> BlockingCall | None:
    """A method of a blocking client, also of what its attributes and items give."""
    assert isinstance(call.function, Member)
    method, value = call.function.name, call.function.of
    for _ in range(_CHAIN):
        if isinstance(value, Application):
            inner = value.function.base if isinstance(value.function, Parametrized) else value.function
            if isinstance(inner, External):
                return _of_made(inner.name, method)
            value = inner
        elif isinstance(value, Member):
            value = value.of
        else:
            return None
    return None


def _of_made(maker: str, method: str) -> BlockingCall | None:
    name = f"{maker.rpartition('.')[2]}.{method}"
    if maker in _CLIENTS:
        kind, methods = _CLIENTS[maker]
        return BlockingCall(kind, name) if method in methods else None
    if maker in _ANY_METHOD and method not in _WITHOUT_WAITING and not method.startswith("__"):
        return BlockingCall(_ANY_METHOD[maker], name)
    return None
