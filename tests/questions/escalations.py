"""Small projects for each kind of question: some that must be asked, one that must not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.configuration.options import Options


@dataclass(frozen=True, slots=True)
class Escalation:
    """A project; `at` is where the question stands, None where the reviewer must stay silent."""

    title: str
    files: Mapping[str, str]
    at: tuple[str, str] | None
    options: Options = field(default_factory=Options)


MODELS = """\
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")
scheme = OAuth2PasswordBearer(tokenUrl="login")


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    token: str = Field(unique=True)


class Notebook(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="user.id", index=True)


class Page(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    notebook_id: int = Field(foreign_key="notebook.id", index=True)


class Line(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    page_id: int = Field(foreign_key="page.id", index=True)


class Mark(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="user.id")


class Draft(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def get_user(session: SessionDep, token: Annotated[str, Depends(scheme)]) -> User:
    user = session.exec(select(User).where(User.token == token)).first()
    if user is None:
        raise HTTPException(401)
    return user


UserDep = Annotated[User, Depends(get_user)]


"""


def served(code: str) -> dict[str, str]:
    """The application with some routes of its own."""
    return {"main.py": MODELS + code}


def _list(model: str, statement: str, parameters: str = "session: SessionDep, user: UserDep") -> str:
    return (
        f'@app.get("/{model.lower()}s")\ndef read_rows({parameters}) -> list[{model}]:\n'
        f"    return list(session.exec({statement}.limit(10)).all())\n"
    )


_OWN = "select({0}).where({0}.owner_id == user.id)"
_OF_LINES = "select(Line).join(Page).join(Notebook).where(Notebook.owner_id == user.id)"
_OF_PAGES = "select(Page).join(Notebook).where(Notebook.owner_id == user.id)"
COSTS = (
    Escalation("a key without an index", served(_list("Mark", _OWN.format("Mark"))), ("main.py", "owner_id")),
    Escalation(
        "no key, no index", served(_list("Draft", _OWN.format("Draft"))), ("main.py", "owner_id: int\n")
    ),
    Escalation("isolation yet to come", served(_list("Mark", "select(Mark)")), ("main.py", "owner_id")),
    Escalation("two joins", served(_list("Line", _OF_LINES)), ("main.py", "page_id")),
    Escalation("an indexed owner", served(_list("Notebook", _OWN.format("Notebook"))), None),
    Escalation("one join over indexed keys", served(_list("Page", _OF_PAGES)), None),
    Escalation(
        "anybody's list", served(_list("Mark", "select(Mark)", parameters="session: SessionDep")), None
    ),
)

_WEBHOOK = """\
@app.post("/webhooks/import")
def imported(note: Draft, session: SessionDep{parameter}) -> int:
{check}    session.add(Draft(owner_id=note.owner_id))
    session.commit()
    return 1
"""
_SIGNED = """\
    if not hmac.compare_digest(signature, hmac.new(b"key", str(note).encode(), "sha256").hexdigest()):
        raise HTTPException(401)
"""
_OPEN = Options(public=("GET /notebooks", "POST /notebooks"))
_CREATE = """\
@app.post("/notebooks")
def create_notebook(owner_id: int, session: SessionDep) -> int:
    session.add(Notebook(owner_id=owner_id))
    session.commit()
    return owner_id
"""
_READ = _list("Notebook", "select(Notebook)", parameters="session: SessionDep")
CONFLICTS = (
    Escalation("a list that is public by configuration", served(_READ), ("main.py", "@app.get"), _OPEN),
    Escalation("a row that anybody may add", served(_CREATE), ("main.py", "@app.post"), _OPEN),
    Escalation(
        "a webhook without a signature",
        served(_WEBHOOK.format(parameter="", check="")),
        ("main.py", "@app.post"),
    ),
    Escalation(
        "a webhook with a signature",
        served("import hmac\n\n\n" + _WEBHOOK.format(parameter=", signature: str", check=_SIGNED)),
        None,
    ),
    Escalation(
        "a public list that authenticates all the same",
        served(_list("Notebook", _OWN.format("Notebook"))),
        None,
        _OPEN,
    ),
    Escalation(
        "public and nobody's",
        served('@app.get("/notebooks")\ndef kinds() -> list[str]:\n    return ["lined"]\n'),
        None,
        _OPEN,
    ),
)

_ALEMBIC = {
    "alembic.ini": "[alembic]\nscript_location = migrations\n",
    "migrations/env.py": "from alembic import context\n",
    "migrations/versions/0001.py": (
        'revision = "0001"\ndown_revision = None\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n\n'
        "def upgrade() -> None:\n"
        '    op.create_table("draft", sa.Column("id", sa.Integer(), primary_key=True),\n'
        '                    sa.Column("owner_id", sa.Integer(), nullable=True),\n'
        '                    sa.Column("text", sa.String(200), nullable=True))\n'
    ),
}


def _revision(change: str) -> dict[str, str]:
    heading = (
        'revision = "0002"\ndown_revision = "0001"\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n\n'
    )
    second = f"{heading}def upgrade() -> None:\n    {change}\n"
    return {**served(""), **_ALEMBIC, "migrations/versions/0002.py": second}


_SECOND = ("migrations/versions/0002.py", "op.")
_NOT_NULL = 'op.alter_column("draft", "owner_id", existing_type=sa.Integer(), nullable=False)'
_REQUIRED = 'op.add_column("draft", sa.Column("kind", sa.String(), nullable=False))'
_OPTIONAL = 'op.add_column("draft", sa.Column("kind", sa.String(), nullable=True))'
BREAKING = (
    Escalation("NOT NULL over nulls", _revision(_NOT_NULL), _SECOND),
    Escalation("a column is dropped", _revision('op.drop_column("draft", "text")'), _SECOND),
    Escalation("a required column without a default", _revision(_REQUIRED), _SECOND),
    Escalation("a column that may be null", _revision(_OPTIONAL), None),
)

_PONG = '@app.get("/ping")\ndef ping() -> str:\n    return "pong"\n'


def _specified(paths: str, name: str = "openapi.yaml") -> dict[str, str]:
    heading = "openapi: 3.1.0\ninfo: {title: Notes, version: '1'}\npaths:\n"
    return {**served(_PONG), name: heading + paths}


_WHOLE = (
    "  /ping:\n    get:\n      responses:\n        '200':\n          description: ok\n"
    "          content: {application/json: {schema: {type: string}}}\n"
)
UNCLEAR = (
    Escalation(
        "an operation that is still to be decided",
        _specified(_WHOLE + "  /pong:\n    get:\n      description: TBD\n      responses: {}\n"),
        ("openapi.yaml", ""),
    ),
    Escalation("a document that cannot be read", _specified("  /ping: [\n"), ("openapi.yaml", "")),
    Escalation(
        "a reference that leads nowhere",
        _specified(_WHOLE.replace("{type: string}", "{$ref: '#/components/schemas/Pong'}")),
        ("openapi.yaml", ""),
    ),
    Escalation("a whole specification", _specified(_WHOLE), None),
)
