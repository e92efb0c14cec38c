from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI, Request, Response, Security

from shop import deps
from shop.deps import CurrentUser, Db, Filters, Pagination, Permission, get_user

app = FastAPI()
bearer = deps.Bearer("shop")
Admin = deps.annotated("admin")


@app.get("/alias")
def alias(user: CurrentUser, db: Db, request: Request, response: Response, tasks: BackgroundTasks) -> None: ...


@app.get("/default/{number}")
def default(number: int, user: str = Depends(get_user), size: int = 3) -> None: ...


@app.get("/ready-made")
def ready(user=deps.ready_made) -> None: ...


@app.get("/ready-made-in-annotated")
def ready_annotated(user: Annotated[str, deps.ready_made]) -> None: ...


@app.get("/scopes")
def scopes(user: str = Security(deps.scoped, scopes=["items"])) -> None: ...


@app.get("/closure", dependencies=[Depends(deps.require("admin")), deps.requires("editor")])
def closure(user: Admin) -> None: ...


@app.get("/class")
def of_class(page: Annotated[Pagination, Depends()], filters: Filters = Depends(), again: Pagination = Depends(Pagination)) -> None: ...


@app.get("/instance")
def of_instance(allowed: bool = Depends(Permission("read")), bound: bool = Depends(Permission("x").method)) -> None: ...


@app.get("/methods")
def of_methods(a: bool = Depends(Permission.of_class), b: bool = Depends(Permission.of_static)) -> None: ...


@app.get("/partial")
def partial(a: int = Depends(deps.doubled), b: int = Depends(deps.by_name)) -> None: ...


@app.get("/lambda")
def of_lambda(a: int = Depends(lambda n=1: n)) -> None: ...


@app.get("/wrapped")
def wrapped(a: str = Depends(deps.audited_dependency), b: dict = Depends(deps.settings)) -> None: ...


@app.get("/scheme")
def scheme(a: object = Depends(bearer), b: str = Security(deps.Holder.scheme), c: str = deps.Holder.dependency) -> None: ...


@app.post("/form")
def form(data: deps.Form) -> None: ...


@app.get("/model")
def model(search: deps.SearchQuery) -> None: ...


@app.get("/uncached")
def uncached(a: str = Depends(get_user, use_cache=False), b: "str" = Depends(get_user)) -> "None": ...


def get_name(name: str) -> str:
    return name


@app.get("/shadow")
def get_name(name: str = Depends(get_name)) -> None: ...


@app.get("/many/{key}")
async def many(key: str, user: CurrentUser, other: Annotated[str, "documented", Depends(deps.require("x"))]) -> None: ...
