import functools
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from typing import Annotated, Any, Dict, List, Optional, Union

from fastapi import APIRouter, Body, Cookie, FastAPI, File, Form, Header, Query, Request, UploadFile, WebSocket, status
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from shop.models import Item, ItemCreate, Page, Tag

app = FastAPI(title="Shop")
router = APIRouter(prefix="/items", tags=[Tag.items])


@router.get("/")
async def list_items(offset: int = 0, limit: Annotated[int, Query(le=100)] = 10, q: str | None = None) -> list[Item]:
    return []


@router.get("/page", response_model=Page[Item])
def page(request: Request, x_token: Annotated[str, Header()], session: str = Cookie("")) -> Any:
    return None


@router.get("/{item_id}", response_model=Optional[Item], tags=["one"], name="one-item")
def read_item(item_id: int, ids: List[int] = Query([])):
    return None


@router.post("/", status_code=status.HTTP_201_CREATED, include_in_schema=False)
def create_item(item: ItemCreate, note: str = Body(""), *, response: Response) -> Item | None:
    return None


@router.put("/{item_id}", status_code=HTTPStatus.ACCEPTED)
def replace_item(item_id: int, item: ItemCreate, tags: list[str]) -> Union[Item, Dict[str, int]]:
    return {}


@router.patch("/{item_id}", status_code=202, response_model=None)
def change_item(item_id: int, item: dict[str, Any]) -> Union[Item, JSONResponse]:
    return JSONResponse({})


@router.delete("/{item_id}", status_code=204)
def delete_item(item_id: int) -> None:
    return None


@router.post("/upload")
async def upload(title: Annotated[str, Form()], image: UploadFile, raw: bytes = File(b"")) -> dict[str, int]:
    return {}


@app.get("/html", response_class=HTMLResponse)
def html() -> str:
    return ""


@app.get("/go")
def go() -> RedirectResponse:
    return RedirectResponse("/")


@app.get("/old")
@app.get("/new", deprecated=False)
@functools.lru_cache
def twice():
    return 1


@app.api_route("/both", methods=["GET", "post"])
def both():
    return 1


@app.head("/head")
@app.options("/options")
@app.trace("/trace")
def rare():
    return None


@app.websocket("/socket/{room}")
async def socket(websocket: WebSocket, room: str, token: str | None = None) -> None:
    await websocket.accept()


@app.get("/stream")
async def stream() -> AsyncIterator[Item]:
    yield Item(id=1)


def timed(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


@app.get("/timed/{number}")
@timed
def timed_route(number: int, flag: bool = False) -> "Page[Item]":
    return Page(items=[], total=0)


def guarded(register: Callable[..., Any], path: str, **options: Any) -> Callable[..., Any]:
    return register(path, tags=["guarded"], **options)


@guarded(router.get, "/guarded", status_code=203)
def guarded_route() -> int:
    return 1


OPTIONS: dict[str, Any] = {"tags": ["options"], "status_code": 206}


@app.get("/options-in-a-dict", **OPTIONS)
def with_options() -> int:
    return 1


def plain(number: int, factor: int = 2) -> int:
    return number * factor


app.add_api_route("/plain", plain, methods=["GET"], name="plain-route")
app.add_api_route("/partial/{number}", functools.partial(plain, factor=3), methods=["GET"], name="partial")


class Callable_:
    def __init__(self, word: str) -> None:
        self.word = word

    def __call__(self, times: int) -> str:
        return self.word * times


app.add_api_route("/instance", Callable_("x"), methods=["POST"], name="instance")


class Controller:
    def __init__(self, prefix: str) -> None:
        self.router = APIRouter(prefix=prefix)
        self.router.add_api_route("/", self.list, methods=["GET"])
        self.router.add_api_route("/{key}", self.read, methods=["GET"])

    def list(self, limit: int = 5) -> list[str]:
        return []

    def read(self, key: str) -> str:
        return key


for prefix in ("/colours", "/sizes"):
    app.include_router(Controller(prefix).router, tags=[prefix.strip("/")])

for word, number in [("one", 1), ("two", 2)]:

    @app.get(f"/words/{word}", name=word, status_code=200 + number)
    def say() -> str:
        return ""


class SlashlessRouter(APIRouter):
    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().add_api_route(path.rstrip("/"), endpoint, **options)


slashless = SlashlessRouter(prefix="/slashless")


@slashless.get("/things/")
def things() -> list[int]:
    return []


app.include_router(router)
app.include_router(slashless, prefix="/v2")


@router.get("/late")
def late() -> str:
    return "late"
