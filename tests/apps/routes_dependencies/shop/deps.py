import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from fastapi import Depends, Header, HTTPException, Query, Request, Security
from fastapi.security import APIKeyHeader, HTTPBearer, OAuth2PasswordBearer, OAuth2PasswordRequestForm, SecurityScopes
from pydantic import BaseModel

oauth2 = OAuth2PasswordBearer(tokenUrl="login", scopes={"items": "Items"})
api_key = APIKeyHeader(name="x-key", auto_error=False)


class Bearer(HTTPBearer):
    def __init__(self, realm: str) -> None:
        super().__init__(auto_error=True)
        self.realm = realm

    async def __call__(self, request: Request, trace: str = Header("")) -> Any:
        return await super().__call__(request)


def get_db():
    yield object()


Db = Annotated[object, Depends(get_db)]
Token: TypeAlias = Annotated[str, Depends(oauth2)]


def get_user(db: Db, token: Token, key: str | None = Security(api_key)) -> str:
    return token


CurrentUser = Annotated[str, Depends(get_user)]
ready_made = Depends(get_user)


def scoped(security_scopes: SecurityScopes, token: Token) -> str:
    return token


def require(role: str) -> Callable[..., str]:
    def checker(user: CurrentUser, tenant: Annotated[str, Header()] = "") -> str:
        if user != role:
            raise HTTPException(403)
        return user

    return checker


def requires(role: str) -> Any:
    return Depends(require(role))


def annotated(role: str) -> Any:
    return Annotated[str, Depends(require(role))]


class Pagination:
    def __init__(self, limit: int = 10, db: object = Depends(get_db)) -> None:
        self.limit = limit


@dataclass
class Filters:
    q: str | None = None
    db: object = Depends(get_db)


class Search(BaseModel):
    text: str = ""
    page: int = 1


class Permission:
    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, user: CurrentUser, dry_run: bool = False) -> bool:
        return True

    def method(self, user: CurrentUser) -> bool:
        return True

    @classmethod
    def of_class(cls, key: int = 0) -> bool:
        return True

    @staticmethod
    def of_static(other: int = 0) -> bool:
        return True


def with_factor(factor: int, db: Db, number: int = 1) -> int:
    return factor * number


doubled = functools.partial(with_factor, 2)
by_name = functools.partial(with_factor, factor=2)


def audited(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


@audited
def audited_dependency(db: Db, reason: str) -> str:
    return reason


@functools.lru_cache
def settings() -> dict[str, str]:
    return {}


class Holder:
    scheme = api_key
    dependency = Depends(get_user)


Form = Annotated[OAuth2PasswordRequestForm, Depends()]
SearchQuery = Annotated[Search, Query()]
