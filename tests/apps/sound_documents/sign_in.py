import time
from collections import Counter

import jwt
import structlog
from access import Documents, Reader, Tokens
from fastapi import APIRouter, HTTPException, Response
from passwords import Passwords
from pydantic import BaseModel, SecretStr
from store import Person

router = APIRouter()
log = structlog.get_logger()
passwords = Passwords()


class RateLimiter:
    """So many tries a minute for each account, counted in this process."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.tries: Counter[tuple[str, int]] = Counter()

    def check(self, who: str) -> None:
        minute = int(time.monotonic() // 60)
        self.tries[who, minute] += 1
        if self.tries[who, minute] > self.most:
            raise HTTPException(status_code=429, detail="Too many tries")


limiter = RateLimiter(most=5)


class SignIn(BaseModel):
    email: str
    password: SecretStr


class Renewal(BaseModel):
    token: str


@router.post("/sign-in")
def sign_in(given: SignIn, documents: Documents, tokens: Tokens, response: Response) -> dict[str, str]:
    limiter.check(given.email)
    log.info("sign-in", given=given.model_dump(exclude={"password"}))
    person = documents.person(given.email)
    salt, digest = (person.salt, person.digest) if person else (b"", b"")
    if not passwords.agree(given.password.get_secret_value(), salt, digest):
        raise HTTPException(401, detail="Email and password do not match")
    response.set_cookie(
        key="session",
        value=tokens.issue(str(person.id), "refresh"),
        httponly=True,
        secure=True,
    )
    return {"token": tokens.issue(str(person.id), "access")}


@router.post("/renew")
def renew(given: Renewal, documents: Documents, tokens: Tokens) -> dict[str, str]:
    limiter.check(given.token)
    try:
        claims = tokens.read(given.token)
    except jwt.PyJWTError:
        raise HTTPException(401, detail="Please sign in") from None
    if claims["kind"] != "refresh" or documents.is_revoked(claims["jti"]):
        raise HTTPException(401, detail="Please sign in")
    documents.revoke(claims["jti"])
    return {
        "token": tokens.issue(claims["sub"], "access"),
        "renewal": tokens.issue(claims["sub"], "refresh"),
    }


@router.post("/sign-out")
def sign_out(given: Renewal, documents: Documents, tokens: Tokens) -> None:
    try:
        claims = tokens.read_expired(given.token)
    except jwt.PyJWTError:
        return
    documents.revoke(claims["jti"])


@router.post("/new-password")
def new_password(given: SignIn, reader: Reader, documents: Documents) -> None:
    person = documents.session.get(Person, int(reader))
    if person is None:
        raise HTTPException(404, detail="This account is not known")
    person.salt, person.digest = passwords.make(given.password.get_secret_value())
    documents.session.add(person)
    documents.session.commit()
