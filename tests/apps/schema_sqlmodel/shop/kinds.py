import enum

from sqlalchemy import JSON, String, TypeDecorator


class Status(str, enum.Enum):
    draft = "d"
    published = "p"


class Level(enum.IntEnum):
    low = 1
    high = 2


class Lowercase(TypeDecorator[str]):
    impl = String(40)
    cache_ok = True


class Payload(TypeDecorator[dict[str, object]]):
    impl = JSON
    cache_ok = True
