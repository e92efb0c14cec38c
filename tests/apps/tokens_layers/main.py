from collections.abc import Iterator
from typing import Annotated

from accounts import Account, Accounts, NewAccount
from fastapi import Body, Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel
from sqlmodel import Session, create_engine
from tokens import Tokens

app = FastAPI()
engine = create_engine("sqlite://")
scheme = OAuth2PasswordBearer(tokenUrl="login")


class Pair(BaseModel):
    access_token: str
    refresh_token: str


def accounts() -> Iterator[Accounts]:
    with Session(engine) as session:
        yield Accounts(session)


Store = Annotated[Accounts, Depends(accounts)]
Service = Annotated[Tokens, Depends()]


def current(token: Annotated[str, Depends(scheme)], service: Service, store: Store) -> Account:
    account = store.by_id(int(service.read(token)))
    if account is None:
        raise HTTPException(401)
    return account


@app.post("/accounts", status_code=202)
def sign_up(new: NewAccount, store: Store) -> None:
    if store.by_email(new.email) is None:
        store.add(new)


@app.post("/login")
def login(form: Annotated[OAuth2PasswordRequestForm, Depends()], store: Store, service: Service) -> Pair:
    account = store.authenticate(form.username, form.password)
    if account is None:
        raise HTTPException(401, "Wrong e-mail or password")
    return Pair(access_token=service.access(str(account.id)), refresh_token=service.refresh(str(account.id)))


@app.post("/refresh")
def refresh(token: Annotated[str, Body(embed=True)], service: Service) -> Pair:
    subject = service.renew(token)
    return Pair(access_token=service.access(subject), refresh_token=service.refresh(subject))


@app.get("/me")
def me(account: Annotated[Account, Depends(current)]) -> str:
    return account.email
