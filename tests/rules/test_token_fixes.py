"""The fixes of the token rules cure their finding and bring no other."""

from __future__ import annotations

import pytest

from rules import NoCache, load_options, review_trusted
from rules.finding import Safety
from rules.proving import prove
from rules.tree import Tree
from rules.verdict import Review

HEAD = """import os
from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
from jose import jwt as jose

app = FastAPI()
KEY = os.environ["KEY"]
ALGORITHM = "HS256"
scheme = OAuth2PasswordBearer(tokenUrl="token")


@app.post("/token")
def issue(name: str) -> dict[str, str]:
    now = datetime.now(UTC)
    claims = {claims}
    return {{"access_token": jose.encode(claims, KEY, algorithm=ALGORITHM)}}


@app.get("/me")
def me(token: Annotated[str, Depends(scheme)]) -> str:
    return str({reading}["sub"])
"""
CLAIMS = '{"sub": name, "iat": now, "exp": now + timedelta(minutes=5)}'
READING = "jwt.decode(token, KEY, algorithms=[ALGORITHM])"
FIXES = [
    (
        "BA312",
        '{"sub": name, "iat": now}',
        READING,
        '{"sub": name, "exp": datetime.now(UTC) + timedelta(minutes=15), "iat": now}',
    ),
    (
        "BA312",
        '{"sub": name, "exp": datetime.now(UTC) + timedelta(minutes=5)}',
        READING,
        '"exp": datetime.now(UTC) + timedelta(minutes=5), "iat": datetime.now(UTC)}',
    ),
    (
        "BA313",
        CLAIMS,
        'jwt.decode(token, KEY, algorithms=[ALGORITHM], options={"verify_exp": False})',
        "jwt.decode(token, KEY, algorithms=[ALGORITHM])[",
    ),
    (
        "BA313",
        CLAIMS,
        'jwt.decode(token, KEY, algorithms=[ALGORITHM], options={"verify_signature": False})',
        "jwt.decode(token, KEY, algorithms=[ALGORITHM])[",
    ),
    (
        "BA313",
        CLAIMS,
        'jwt.decode(token, KEY, [ALGORITHM], options={"verify_exp": False, "verify_nbf": True})',
        'options={"verify_nbf": True})[',
    ),
    ("BA314", CLAIMS, "jose.decode(token, KEY)", "jose.decode(token, KEY, algorithms=[ALGORITHM])["),
]
NOT_FIXED = [
    ("BA313", CLAIMS, 'jwt.decode(token, options={"verify_signature": False})'),
    ("BA313", CLAIMS, "jose.get_unverified_claims(token)"),
    ("BA314", CLAIMS, 'jose.decode(token, os.environ["OTHER"])'),
]


def review(tree: Tree) -> Review:
    return review_trusted(tree, load_options(tree), cache=NoCache())


def program(claims: str, reading: str) -> Tree:
    return {"app/main.py": HEAD.format(claims=claims, reading=reading).encode()}


@pytest.mark.parametrize(("rule", "claims", "reading", "cured"), FIXES)
def test_a_fix_cures(rule: str, claims: str, reading: str, cured: str) -> None:
    tree = program(claims, reading)
    finding = next(f for f in review(tree).findings if f.rule == rule)
    assert finding.fix is not None
    assert finding.fix.safety is Safety.SUGGEST
    fixed = prove(finding.fix, tree, finding, review)
    assert cured in fixed["app/main.py"].decode()
    assert rule not in {f.rule for f in review(fixed).findings}


@pytest.mark.parametrize(("rule", "claims", "reading"), NOT_FIXED)
def test_what_takes_a_decision_is_not_fixed(rule: str, claims: str, reading: str) -> None:
    finding = next(f for f in review(program(claims, reading)).findings if f.rule == rule)
    assert finding.fix is None


def test_the_sound_program_has_no_finding() -> None:
    codes = {f.rule for f in review(program(CLAIMS, READING)).findings}
    assert not codes & {"BA312", "BA313", "BA314", "BA315", "BA316"}
