from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, StrEnum, auto
from typing import Annotated, Any, ClassVar, List, Literal, NamedTuple, Optional, Union
from uuid import UUID, uuid4

from fastapi import FastAPI
from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    RootModel,
    StringConstraints,
    computed_field,
    field_serializer,
    field_validator,
)
from pydantic.alias_generators import to_camel
from sqlmodel import Field as SQLField
from sqlmodel import Relationship, SQLModel
from typing_extensions import TypedDict


class Status(StrEnum):
    OPEN = auto()
    CLOSED = auto()


class Kind(Enum):
    A = "a"
    B = 2


class Base(BaseModel):
    id: int
    created: datetime = Field(default_factory=datetime.now)


class Mixin(BaseModel):
    note: str = "none"


class Child(Base, Mixin):
    id: int = 5
    name: str
    status: Status = Status.OPEN
    kind: Kind | None = None
    parent: Optional[Child] = None
    children: list[Child] = []
    hidden: str = Field("x", exclude=True)
    shared: ClassVar[int] = 1
    _private: int = 2


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", title="A camel")
    first_name: str
    last_name: str = Field(alias="surname")
    both: str = Field(validation_alias="inName", serialization_alias="outName")
    choices: str = Field(validation_alias=AliasChoices("one", "two"))


def shout(name: str) -> str:
    return name.upper()


class Shouted(BaseModel):
    model_config = {"alias_generator": shout, "extra": "allow"}
    word: str


class OldConfig(BaseModel):
    name: str

    class Config:
        title = "Old"
        json_schema_extra = {"examples": [{"name": "x"}]}


class Required(BaseModel):
    model_config = ConfigDict(json_schema_serialization_defaults_required=True)
    a: int = 1
    b: str | None = None


class Computed(BaseModel):
    width: float
    height: float = Field(ge=0)

    @computed_field
    @property
    def area(self) -> float:
        return self.width * self.height

    @computed_field(alias="theTitle", title="Named")
    def title(self) -> str | None:
        return None


class Serialised(BaseModel):
    when: datetime
    price: Decimal
    secret: Annotated[int, PlainSerializer(lambda v: str(v), return_type=str)] = 0
    cleaned: Annotated[str, AfterValidator(str.strip), BeforeValidator(str)] = ""
    plain: int = 0

    @field_serializer("when")
    def to_number(self, value: datetime) -> float:
        return value.timestamp()

    @field_validator("plain", mode="plain")
    @classmethod
    def any_plain(cls, value: Any) -> int:
        return int(value)


class Cat(BaseModel):
    pet: Literal["cat"]
    lives: int = 9


class Dog(BaseModel):
    pet: Literal["dog", "wolf"]
    barks: bool


class Owner(BaseModel):
    pet: Union[Cat, Dog] = Field(discriminator="pet")
    second: Annotated[Cat | Dog, Field(discriminator="pet")] | None = None


class Names(RootModel[list[str]]):
    pass


class Tagged(RootModel):
    root: dict[str, int]


class Point(NamedTuple):
    x: int
    y: float = 0.0


class Movie(TypedDict, total=False):
    title: str
    year: int


@dataclass
class Account:
    owner: str
    balance: float = 0
    tags: list[str] = field(default_factory=list)


class Everything(BaseModel):
    names: Names
    tagged: Tagged
    point: Point
    movie: Movie
    account: Account
    short: Annotated[str, StringConstraints(min_length=1, max_length=3, pattern="^a")]
    described: str = Field(description="d", examples=["e"], deprecated=True, json_schema_extra={"x-a": 1})
    whole: Annotated[int, Field(gt=0, title="Whole")] = 1
    literal: Literal["a", "b"] = "a"
    times: tuple[time, timedelta, date]
    any: Any
    anything: Any = None
    uid: UUID = Field(default_factory=uuid4)
    forward: "List[Later]" = []
    pair: tuple[int, ...] = ()
    by_kind: dict[Kind, int] = {}
    by_text: dict[str, list[Base]] = {}
    either: int | str | None = None


class Later(BaseModel):
    value: int


class HeroBase(SQLModel):
    name: str = SQLField(index=True, max_length=20)
    age: int | None = SQLField(default=None, index=True, ge=0)


class Team(SQLModel, table=True):
    id: int | None = SQLField(default=None, primary_key=True)
    heroes: list[Hero] = Relationship(back_populates="team")


class Hero(HeroBase, table=True):
    id: int | None = SQLField(default=None, primary_key=True)
    team_id: int | None = SQLField(default=None, foreign_key="team.id")
    team: Team | None = Relationship(back_populates="heroes")


class HeroCreate(HeroBase):
    secret: str


app = FastAPI()


@app.post("/child")
def child(child: Child) -> Child: ...


@app.post("/camel")
def camel(camel: Camel) -> Camel: ...


@app.post("/shouted")
def shouted(shouted: Shouted) -> list[Shouted]: ...


@app.post("/old")
def old(old: OldConfig) -> OldConfig: ...


@app.post("/required")
def required(item: Required) -> Required: ...


@app.post("/computed")
def computed(item: Computed) -> Computed: ...


@app.post("/serialised")
def serialised(item: Serialised) -> Serialised: ...


@app.post("/owner")
def owner(item: Owner) -> Owner: ...


@app.post("/everything")
def everything(item: Everything) -> Everything: ...


@app.post("/heroes")
def hero(item: HeroCreate) -> Hero: ...


@app.get("/heroes")
def heroes() -> list[Hero]: ...


@app.get("/root")
def root() -> Names: ...
