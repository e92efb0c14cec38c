from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, Security
from fastapi.security import (
    APIKeyCookie,
    APIKeyHeader,
    APIKeyQuery,
    HTTPBasic,
    HTTPBearer,
    HTTPDigest,
    OAuth2,
    OAuth2AuthorizationCodeBearer,
    OAuth2PasswordBearer,
    OpenIdConnect,
    SecurityScopes,
)

password = OAuth2PasswordBearer(tokenUrl="token", scopes={"me": "Read me", "items": "Read items"})
optional = OAuth2PasswordBearer(tokenUrl="/auth/token", auto_error=False, scheme_name="Optional")
code = OAuth2AuthorizationCodeBearer("https://a.example/authorize", "https://a.example/token", refreshUrl="/r")
flows = OAuth2(flows={"clientCredentials": {"tokenUrl": "/t", "scopes": {"a": "b"}}})
bearer = HTTPBearer(bearerFormat="JWT")
basic = HTTPBasic()
digest = HTTPDigest()
in_header = APIKeyHeader(name="X-Key", description="The key")
in_query = APIKeyQuery(name="key")
in_cookie = APIKeyCookie(name="session")
openid = OpenIdConnect(openIdConnectUrl="/openid")


class JwtBearer(HTTPBearer):
    def __init__(self, auto_error: bool = True):
        super().__init__(auto_error=auto_error)

    async def __call__(self, request: Request):
        return await super().__call__(request)


def current_user(scopes: SecurityScopes, token: Annotated[str, Depends(password)]):
    return token


def active_user(user: Annotated[str, Security(current_user, scopes=["me"])]):
    return user


app = FastAPI()


@app.get("/me")
def me(user: Annotated[str, Depends(active_user)]): ...


@app.get("/items")
def items(user: Annotated[str, Security(active_user, scopes=["items"])]): ...


@app.get("/optional")
def maybe(token: str | None = Depends(optional)): ...


@app.get("/many", dependencies=[Depends(bearer), Security(code, scopes=["x"])])
def many(a=Depends(basic), b=Depends(digest), c=Depends(in_header), d=Depends(in_query), e=Depends(in_cookie)): ...


@app.get("/openid")
def with_openid(a=Depends(openid), b=Depends(flows), c=Depends(JwtBearer())): ...


@app.get("/both")
def both(a: str = Depends(current_user), b: str = Security(current_user, scopes=["items"])): ...


router = APIRouter(prefix="/r", dependencies=[Depends(bearer)])


@router.get("/open")
def under_router(): ...


app.include_router(router, dependencies=[Security(current_user, scopes=["included"])])
