import uuid
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, List, Literal, Optional, Union

from fastapi import Cookie, Depends, FastAPI, Header, Path, Query, Request
from pydantic import AliasChoices, BaseModel, Field


class Color(str, Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Filters(BaseModel):
    limit: int = Field(100, gt=0, le=100)
    offset: int = Field(0, ge=0)
    order_by: Literal["created_at", "updated_at"] = "created_at"
    tags: list[str] = []
    needed: str
    named: str = Field(alias="namedInUrl")


class CommonHeaders(BaseModel):
    host: str
    save_data: bool
    if_modified_since: str | None = None
    x_tag: list[str] = []


class Cookies(BaseModel):
    session_id: str
    tracker: str | None = None


PageSize = Annotated[int, Query(ge=1, le=100, description="How many")]
app = FastAPI()


@app.get("/plain/{item_id}")
def plain(item_id: int, q: str, skip: int = 0, short: bool = False, untyped=None, anything: Any = 1): ...


@app.get("/optional")
def optional(
    a: str | None = None, b: Optional[int] = None, c: Union[str, None] = "x", d: int | str = 3, e: float = 1.5
): ...


@app.get("/constrained/{item_id}")
def constrained(
    item_id: Annotated[int, Path(title="The ID", ge=1, lt=1000)],
    q: Annotated[str | None, Query(min_length=3, max_length=50, pattern="^fixed$")] = None,
    size: Annotated[float, Query(gt=0, lt=10.5)] = 2,
    old: str = Query(..., alias="item-query", title="Query string", description="d", deprecated=True),
    older: str | None = Query(None, max_length=5),
    hidden: Annotated[str | None, Query(include_in_schema=False)] = None,
    examples: Annotated[str, Query(examples=["a", "b"])] = "a",
    page: PageSize = 10,
    multiple: Annotated[int, Query(multiple_of=5)] = 5,
): ...


@app.get("/lists")
def lists(
    q: Annotated[list[str] | None, Query()] = None,
    ids: List[int] = Query(default=[1, 2], min_length=1),
    colors: Annotated[list[Color], Query()] = [Color.RED],
    unique: Annotated[set[int], Query()] = set(),
): ...


@app.get("/enums/{color}/{level}")
def enums(color: Color, level: Level, other: Color = Color.BLUE, literal: Literal["a", 1, True] = "a",
          only: Literal["x"] = "x", maybe: Color | None = None): ...


@app.get("/types/{id}/{name:path}/{when}")
def types(id: uuid.UUID, name: str, when: datetime, day: date | None = None, price: Decimal = Decimal("1.5")): ...


@app.get("/headers")
def headers(
    user_agent: Annotated[str | None, Header()] = None,
    x_token: Annotated[list[str] | None, Header()] = None,
    strange_header: Annotated[str | None, Header(convert_underscores=False)] = None,
    named: str = Header(alias="X-Named"),
    ads_id: Annotated[str | None, Cookie()] = None,
    session: str = Cookie(default="none"),
): ...


@app.get("/models")
def models(
    filters: Annotated[Filters, Query()],
    common: Annotated[CommonHeaders, Header()],
    cookies: Annotated[Cookies, Cookie()],
): ...


@app.get("/aliases")
def aliases(
    a: Annotated[str, Query(validation_alias="aVal")],
    b: Annotated[str, Query(validation_alias=AliasChoices("b1", "b2"))],
    c: Annotated[str, Query(serialization_alias="cSer")] = "c",
): ...


def paging(skip: int = 0, limit: int = 100):
    return skip, limit


class Sorting:
    def __init__(self, order: str, skip: str = "other"):
        self.order = order


def nested(request: Request, p: Annotated[tuple, Depends(paging)], s: Annotated[Sorting, Depends()], x_trace: str = Header()):
    return p


@app.get("/dependencies/{skip}", dependencies=[Depends(nested)])
def dependencies(skip: int, own: int, again: tuple = Depends(paging)): ...


@app.get("/factory")
def factory(
    at: Annotated[datetime, Query(default_factory=datetime.now)], n: int = Query(default_factory=lambda: 3)
): ...


@app.get("/examples")
def examples(
    q: Annotated[str, Query(openapi_examples={"normal": {"summary": "A normal one", "value": "foo"}})],
    extra: Annotated[str, Query(json_schema_extra={"x-more": 1})] = "",
): ...
