"""Faults put into a sound layered application: one edit each, with the rule and line that it is for.

The operators were fixed before the rules were measured with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Tree = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mutation:
    """A tree with one fault, which `rule` must report at the line of `path` that holds `marker`."""

    operator: str
    tree: dict[str, str]
    rule: str
    path: str
    marker: str

    @property
    def line(self) -> int:
        """The line, counted in the mutated file."""
        lines = self.tree[self.path].split("\n")
        found = [n for n, text in enumerate(lines, 1) if self.marker in text]
        assert found, (self.operator, self.marker)
        return found[0]


@dataclass(frozen=True, slots=True)
class Edit:
    """An operator at one place: `old` in `path` becomes `new`; the finding stands at `marker` of `at`."""

    operator: str
    path: str
    old: str
    new: str
    rule: str
    at: str
    marker: str

    def of(self, tree: Tree) -> Mutation:
        """The mutated tree. Raises AssertionError unless the place is there exactly once."""
        assert tree[self.path].count(self.old) == 1, self
        changed = {**tree, self.path: tree[self.path].replace(self.old, self.new)}
        return Mutation(self.operator, changed, self.rule, self.at, self.marker)


_WITH = "    with Session(engine) as session:\n        yield session\n"
_FINALLY = "    try:\n        yield session\n    finally:\n        session.close()\n"
EDITS = (
    Edit("with removed", "database.py", _WITH, "    session = Session(engine)\n    yield session  # here\n",
         "BA104", "database.py", "# here"),
    Edit("session returned", "database.py", _WITH, "    return Session(engine)\n",
         "BA104", "database.py", "return Session"),
    Edit("close removed", "database.py", _FINALLY, "    yield session  # here\n",
         "BA104", "database.py", "# here"),
    Edit("finally removed", "database.py", _FINALLY, "    yield session  # here\n    session.close()\n",
         "BA104", "database.py", "# here"),
    Edit("close becomes rollback", "database.py", _FINALLY,
         _FINALLY.replace("yield session", "yield session  # here").replace("close", "rollback"),
         "BA104", "database.py", "# here"),
    Edit("thread pool removed", "services.py", "await run_in_threadpool(press)", "press()",
         "BA105", "services.py", "return press()"),
    Edit("sleep in a coroutine", "services.py", "    return await run_in_threadpool(press)\n",
         "    time.sleep(1)\n    return await run_in_threadpool(press)\n",
         "BA105", "services.py", "time.sleep(1)"),
    Edit("include of books removed", "main.py", "app.include_router(routers.books)\n", "",
         "BA107", "routers.py", 'prefix="/books"'),
    Edit("include of authors removed", "main.py", "app.include_router(routers.authors)\n", "",
         "BA107", "routers.py", 'prefix="/authors"'),
    Edit("eager loading removed", "services.py", ".options(selectinload(Book.author))", "",
         "BA110", "services.py", "book.author.name"),
    Edit("eager loading of another", "services.py", "selectinload(Book.author)", "selectinload(Author.books)",
         "BA110", "services.py", "book.author.name"),
    Edit("unique removed", "models.py", "name: str = Field(unique=True)", "name: str",
         "BA112", "routers.py", "services.create_author"),
    Edit("unique becomes index", "models.py", "Field(unique=True)", "Field(index=True)",
         "BA112", "routers.py", "services.create_author"),
    Edit("lock removed", "services.py", ".with_for_update()", "",
         "BA112", "routers.py", "services.take"),
    Edit("environment read", "services.py", "return settings.shop_name", 'return os.environ["SHOP_NAME"]',
         "BA106", "services.py", "os.environ["),
    Edit("router imported", "services.py", "from settings import settings",
         "from routers import books\nfrom settings import settings",
         "BA102", "services.py", "from routers"),
    Edit("service imported by models", "models.py", "from sqlmodel import",
         "import services\nfrom sqlmodel import", "BA102", "models.py", "import services"),
    Edit("session opened", "services.py", "    return settings.shop_name",
         "    with Session() as session:\n        return str(session.exec(select(Book)).first())",
         "BA103", "services.py", "with Session()"),
    Edit("query in a model", "models.py", "    name: str = Field(unique=True)\n",
         "    name: str = Field(unique=True)\n\n    def drop(self, session: Session) -> None:\n"
         "        session.delete(self)\n\n",
         "BA101", "models.py", "session.delete"),
    Edit("query in the loop", "services.py", "{book.author.name}", "{session.get(Author, book.author_id)}",
         "BA110", "services.py", "session.get(Author"),
)  # fmt: skip
_HANDLER = re.compile(r"^def (\w+)\(.*session: \w+Dep.*\n(    .*\n)+", re.MULTILINE)


def mutations(tree: Tree) -> Iterator[Mutation]:
    """Every mutation of the sound tree."""
    for edit in EDITS:
        yield edit.of(_with_imports(tree, edit))
    yield from _commits(tree)
    yield from _coroutines(tree)


def _with_imports(tree: Tree, edit: Edit) -> Tree:
    """The tree with the names that an edit needs."""
    if "os.environ" in edit.new:
        return {**tree, "services.py": f"import os\n{tree['services.py']}"}
    if "session: Session" in edit.new:
        return {
            **tree,
            "models.py": tree["models.py"].replace(
                "Relationship, SQLModel", "Relationship, Session, SQLModel"
            ),
        }
    return tree


def _commits(tree: Tree) -> Iterator[Mutation]:
    """Each commit removed; the finding stands where the route's own file writes or calls what writes."""
    callers = {"create_author": "services.create_author", "create_book": "services.create_book",
               "take": "services.take", "delete_author": "session.delete"}  # fmt: skip
    for path in ("services.py", "routers.py"):
        for found in re.finditer(r"    session\.commit\(\)\n", tree[path]):
            function = re.findall(r"def (\w+)\(", tree[path][: found.start()])[-1]
            text = tree[path][: found.start()] + tree[path][found.end() :]
            yield Mutation("commit removed", {**tree, path: text}, "BA111", "routers.py", callers[function])


def _coroutines(tree: Tree) -> Iterator[Mutation]:
    """Each handler that uses a session made a coroutine."""
    for found in _HANDLER.finditer(tree["routers.py"]):
        text = tree["routers.py"]
        text = f"{text[: found.start()]}async {text[found.start() :]}"
        call = next(line.strip() for line in found[0].split("\n")[1:] if "session" in line)
        yield Mutation("handler made a coroutine", {**tree, "routers.py": text}, "BA105", "routers.py", call)
