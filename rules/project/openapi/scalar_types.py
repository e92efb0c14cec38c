"""JSON Schemas of types that are not made of others, as Pydantic 2 and FastAPI write them."""

from __future__ import annotations

from rules.project.openapi.components import Mode
from rules.project.openapi.json_values import Schema

_SECRET: Schema = {"type": "string", "format": "password", "writeOnly": True}
_URL: Schema = {"type": "string", "format": "uri", "minLength": 1}
_HTTP_URL: Schema = {**_URL, "maxLength": 2083}
_DSN: Schema = {"type": "string", "format": "multi-host-uri", "minLength": 1}
_FORMATS = {
    "datetime": "date-time", "date": "date", "time": "time", "timedelta": "duration",
    "AwareDatetime": "date-time", "NaiveDatetime": "date-time", "PastDatetime": "date-time",
    "FutureDatetime": "date-time", "PastDate": "date", "FutureDate": "date",
    "UUID": "uuid", "UUID1": "uuid1", "UUID3": "uuid3", "UUID4": "uuid4", "UUID5": "uuid5",
    "UUID6": "uuid6", "UUID7": "uuid7", "UUID8": "uuid8",
    "EmailStr": "email", "NameEmail": "name-email",
    "Path": "path", "PurePath": "path", "PosixPath": "path", "FilePath": "file-path",
    "DirectoryPath": "directory-path", "NewPath": "path",
    "IPv4Address": "ipv4", "IPv6Address": "ipv6", "IPv4Network": "ipv4network", "IPv6Network": "ipv6network",
    "IPv4Interface": "ipv4interface", "IPv6Interface": "ipv6interface", "IPvAnyAddress": "ipvanyaddress",
    "IPvAnyNetwork": "ipvanynetwork", "IPvAnyInterface": "ipvanyinterface",
    "Pattern": "regex", "Color": "color", "Base64Bytes": "base64", "Base64Str": "base64",
    "Base64UrlBytes": "base64url", "Base64UrlStr": "base64url",
}  # fmt: skip
_SCHEMAS: dict[str, Schema] = {
    "str": {"type": "string"}, "StrictStr": {"type": "string"}, "LiteralString": {"type": "string"},
    "Text": {"type": "string"}, "ImportString": {"type": "string"}, "complex": {"type": "string"},
    "int": {"type": "integer"}, "StrictInt": {"type": "integer"},
    "float": {"type": "number"}, "StrictFloat": {"type": "number"}, "FiniteFloat": {"type": "number"},
    "bool": {"type": "boolean"}, "StrictBool": {"type": "boolean"},
    "PositiveInt": {"type": "integer", "exclusiveMinimum": 0},
    "NonNegativeInt": {"type": "integer", "minimum": 0},
    "NegativeInt": {"type": "integer", "exclusiveMaximum": 0},
    "NonPositiveInt": {"type": "integer", "maximum": 0},
    "PositiveFloat": {"type": "number", "exclusiveMinimum": 0},
    "NonNegativeFloat": {"type": "number", "minimum": 0},
    "NegativeFloat": {"type": "number", "exclusiveMaximum": 0},
    "NonPositiveFloat": {"type": "number", "maximum": 0},
    "SecretStr": _SECRET, "SecretBytes": _SECRET,
    "None": {"type": "null"}, "NoneType": {"type": "null"},
    "Any": {}, "object": {}, "Hashable": {},
    "AnyUrl": _URL, "FileUrl": _URL, "FtpUrl": _URL, "AnyHttpUrl": _URL, "AnyWebsocketUrl": _URL,
    "RedisDsn": _URL, "AmqpDsn": _URL, "MySQLDsn": _URL, "MariaDBDsn": _URL, "CockroachDsn": _URL,
    "KafkaDsn": _URL, "SnowflakeDsn": _URL, "ClickHouseDsn": _URL,
    "HttpUrl": _HTTP_URL, "WebsocketUrl": _HTTP_URL,
    "PostgresDsn": _DSN, "MongoDsn": _DSN, "NatsDsn": _DSN,
    "Number": {"type": "number"},
}  # fmt: skip
_LIBRARIES = frozenset(
    {
        "builtins", "typing", "typing_extensions", "datetime", "decimal", "uuid", "pathlib", "ipaddress",
        "re", "pydantic", "pydantic_extra_types", "fastapi", "starlette", "types", "collections", "numbers",
    }
)  # fmt: skip


def scalar_schema(name: str, mode: Mode) -> Schema | None:
    """The schema of a library type by its dotted name; None for one that is not in the tables."""
    top, last = name.partition(".")[0], name.rpartition(".")[2]
    if top not in _LIBRARIES:
        return None
    if last in {"Decimal", "Fraction"}:
        return _decimal(mode, {} if last == "Decimal" else {"format": "fraction"})
    if last in {"Json", "JsonValue"}:
        return _json(mode) if last == "Json" else {}
    if last in _FORMATS:
        return {"type": "string", "format": _FORMATS[last]}
    found = _SCHEMAS.get(last)
    return None if found is None else dict(found)


def _decimal(mode: Mode, details: Schema) -> Schema:
    """Read from Pydantic 2.14; from 2.11 to 2.13 the text had a pattern."""
    text: Schema = {"type": "string", **details}
    return {"anyOf": [{"type": "number"}, text]} if mode == "validation" else text


def _json(mode: Mode) -> Schema:
    if mode == "serialization":
        return {}
    return {"type": "string", "contentMediaType": "application/json", "contentSchema": {}}
