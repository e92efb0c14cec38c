from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Network
from pathlib import Path
from re import Pattern
from typing import Annotated, Any, Dict, FrozenSet, List, Literal, NewType, Optional, Set, Tuple
from uuid import UUID

from annotated_types import Ge, Interval, Len, MaxLen
from fastapi import FastAPI
from pydantic import (
    UUID4,
    AnyUrl,
    AwareDatetime,
    Base64Str,
    BaseModel,
    Field,
    HttpUrl,
    Json,
    NonNegativeInt,
    PastDate,
    PositiveFloat,
    PositiveInt,
    PostgresDsn,
    SecretStr,
    StrictBool,
    StrictStr,
    conint,
    conlist,
    constr,
)

UserId = NewType("UserId", int)
Name = Annotated[str, Field(min_length=1, max_length=50)]
Nothing = None


class Scalars(BaseModel):
    a: str
    b: int
    c: float
    d: bool
    e: bytes
    f: None
    g: datetime
    h: date
    i: time
    j: timedelta
    k: Decimal
    l: UUID
    m: Any
    n: object
    o: Path
    p: IPv4Address
    q: IPv6Network
    r: Pattern
    s: UserId
    t: complex


class FromPydantic(BaseModel):
    a: UUID4
    b: AnyUrl
    c: HttpUrl
    d: PostgresDsn
    e: SecretStr
    f: PositiveInt
    g: NonNegativeInt
    h: PositiveFloat
    i: StrictStr
    j: StrictBool
    k: AwareDatetime
    l: PastDate
    m: Base64Str
    n: Json
    o: Json[list[int]]
    p: conint(gt=1, le=9)
    q: constr(min_length=2, pattern="^x")
    r: conlist(int, min_length=1, max_length=4)


class Containers(BaseModel):
    a: list
    b: List[int]
    c: Sequence[str]
    d: Set[int]
    e: FrozenSet[str]
    f: tuple
    g: Tuple[int, str]
    h: tuple[int, ...]
    i: dict
    j: Dict[str, int]
    k: Mapping[str, list[float]]
    l: Iterable[int]
    m: deque[int]
    n: dict[UUID, str]
    o: dict[Name, int]
    p: list[list[dict[str, Any]]]
    q: tuple[()]
    r: dict[str, Any]


class Constrained(BaseModel):
    a: Annotated[int, Ge(1)]
    b: Annotated[str, MaxLen(5)]
    c: Annotated[list[int], Len(1, 3)]
    d: Annotated[float, Interval(ge=0, lt=1)]
    e: Name
    f: Optional[Name] = None
    g: list[Name] = Field(default=[], max_length=2)
    h: dict[str, int] = Field({}, min_length=1)
    i: Decimal = Field(gt=0, max_digits=5, decimal_places=2)
    j: Optional[Decimal] = Field(None, ge=1)
    k: int | None = Field(None, ge=1, le=5)
    l: set[int] = Field(default_factory=set, max_length=9)
    m: Literal[1, 2, None] = 1
    n: float = Field(1, multiple_of=0.5)
    o: date = Field(ge=date(2020, 1, 1))


app = FastAPI()


@app.post("/scalars")
def scalars(value: Scalars) -> Scalars: ...


@app.post("/pydantic")
def from_pydantic(value: FromPydantic) -> FromPydantic: ...


@app.post("/containers")
def containers(value: Containers) -> Containers: ...


@app.post("/constrained")
def constrained(value: Constrained) -> Constrained: ...
