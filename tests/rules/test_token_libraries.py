"""What the token facts take for checked is checked where PyJWT really runs."""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest

from rules.project.passwords.hashers import weak_hasher
from rules.project.taint.library_calls import library_call
from rules.project.tokens.lifetimes import lifetimes
from tests.rules.isolation_projects import project

KEY = "k" * 40
EXPIRED = jwt.encode({"sub": "1", "exp": int(time.time()) - 1_000}, KEY, algorithm="HS256")
FOR_SHOP = jwt.encode({"sub": "1", "aud": "shop"}, KEY, algorithm="HS256")


def read(token: str, key: str = KEY, **options: Any) -> dict[str, Any]:
    reader: Any = jwt.decode
    found: dict[str, Any] = reader(token, key, algorithms=["HS256"], options=options or None)
    return found


def test_the_expiry_is_checked_unless_an_option_says_no() -> None:
    with pytest.raises(jwt.ExpiredSignatureError):
        read(EXPIRED)
    assert read(EXPIRED, verify_exp=False)["sub"] == "1"


def test_without_the_signature_nothing_else_is_checked() -> None:
    assert read(EXPIRED, "another" * 6, verify_signature=False)["sub"] == "1"
    with pytest.raises(jwt.InvalidSignatureError):
        read(EXPIRED, "another" * 6)


def test_an_audience_must_be_named_or_its_check_left_out() -> None:
    with pytest.raises(jwt.InvalidAudienceError):
        read(FOR_SHOP)
    assert read(FOR_SHOP, verify_aud=False)["sub"] == "1"


def test_a_token_without_expiry_is_accepted() -> None:
    assert read(jwt.encode({"sub": "1"}, KEY, algorithm="HS256"))["sub"] == "1"


def test_without_a_list_every_token_is_refused() -> None:
    with pytest.raises(jwt.DecodeError):
        jwt.decode(EXPIRED, KEY)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("now() + timedelta(minutes=15)", 900.0),
        ("now() + timedelta(days=1, hours=2)", 93_600.0),
        ("int((now() + timedelta(1)).timestamp())", 86_400.0),
        ("int(time()) + 60 * 60", 3_600.0),
    ],
)
def test_a_lifetime_is_what_is_added_to_the_present(written: str, seconds: float) -> None:
    text = (
        f"from datetime import timedelta\nfrom time import time\nfrom clock import now\nfound = {written}\n"
    )
    made = project({"main.py": text})
    value = made.machine.scope(made.index.modules["main.py"]).bindings["found"]
    assert [found.seconds for found in lifetimes(value)] == [seconds]
    assert not lifetimes(None)


@pytest.mark.parametrize(
    ("written", "phrase"),
    [
        ("bcrypt.gensalt(4)", "rounds=4"),
        ("bcrypt.gensalt()", ""),
        ("bcrypt.gensalt(rounds=12)", ""),
        ("CryptContext(schemes=['md5_crypt'])", "md5_crypt"),
        ("CryptContext(schemes=['bcrypt', 'md5_crypt'], deprecated='auto')", ""),
        ("CryptContext(schemes=['argon2'])", ""),
        ("CryptContext(['bcrypt'], bcrypt__rounds=6)", "rounds=6"),
        ("PasswordHasher(time_cost=1, memory_cost=8)", "memory_cost=8"),
        ("PasswordHasher()", ""),
        ("hashlib.pbkdf2_hmac('sha256', b'p', b's', 1_000)", "iterations=1000"),
        ("hashlib.pbkdf2_hmac('sha256', b'p', b's', 600_000)", ""),
        ("hashlib.scrypt(b'p', salt=b's', n=2**4, r=8, p=1)", "n=16"),
        ("hashlib.scrypt(b'p', salt=b's', n=2**15, r=8, p=1)", ""),
    ],
)
def test_hashers_by_their_cost(written: str, phrase: str) -> None:
    head = "import hashlib, bcrypt\nfrom argon2 import PasswordHasher\n"
    head += "from passlib.context import CryptContext\n"
    made = project({"main.py": f"{head}found = {written}\n"})
    value = made.machine.scope(made.index.modules["main.py"]).bindings["found"]
    call = library_call(value)
    assert call is not None
    found = weak_hasher(call)
    assert (found is None) == (not phrase)
    assert found is None or phrase in found.phrase
