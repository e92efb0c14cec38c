"""Patterns of origins against Starlette itself, texts of secrets, and the facts of the summary."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from rules.project.hardening.cors_origins import is_plain_http, pattern_fault
from rules.project.hardening.development_guards import only_in_development
from rules.project.hardening.secret_texts import is_local_url, is_secret_text, url_password
from rules.project.hardening.summary import hardening_facts
from rules.sections import HardeningFacts
from tests.rules.isolation_projects import project

ATTACKS = {
    "any": "https://evil.com",
    "suffix": "https://evilshop.com",
    "dot": "https://appxshop.com",
}
PATTERNS = [
    (".*", "any"),
    ("^.*$", "any"),
    (r"https?://.*", "any"),
    (r"https://(.*)", "any"),
    (r"^https?://.+$", "any"),
    (r"https://.*shop\.com", "suffix"),
    (r"https?://(.*)shop\.com$", "suffix"),
    (r"https://app.shop\.com", "dot"),
    (r"https://app.shop.com", "dot"),
    (r"https://app\.shop\.com", None),
    (r"^https://([\w-]+\.)?shop\.com$", None),
    (r"https://.*\.shop\.com", None),
    (r"https://[a-z]+\.shop\.com", None),
    (r"https?://localhost(:\d+)?", None),
    (r"https://app-.+\.shop\.com", None),
    (r"(https://shop\.com|https://app\.shop\.com)", None),
]


def allows(pattern: str, origin: str) -> bool:
    return CORSMiddleware(FastAPI(), allow_origin_regex=pattern).is_allowed_origin(origin)


@pytest.mark.parametrize(("pattern", "fault"), PATTERNS)
def test_a_pattern_lets_in_whom_it_is_said_to(pattern: str, fault: str | None) -> None:
    assert pattern_fault(pattern) == fault
    assert {kind for kind, origin in ATTACKS.items() if allows(pattern, origin)} >= (
        {fault} if fault else set()
    )
    if fault is None:
        assert not any(allows(pattern, origin) for origin in ATTACKS.values())


@pytest.mark.parametrize("origin", ["http://shop.com", "http://www.shop.com:8080"])
def test_origins_without_tls(origin: str) -> None:
    assert is_plain_http(origin)


@pytest.mark.parametrize(
    "origin",
    ["https://shop.com", "http://localhost:3000", "http://127.0.0.1", "http://web", "http://10.0.0.4", "*"],
)
def test_origins_that_are_left_alone(origin: str) -> None:
    assert not is_plain_http(origin)


def test_a_url_gives_its_password() -> None:
    assert url_password("postgresql+asyncpg://app:Vk7%40orchid@db.internal:5432/shop") == "Vk7@orchid"
    assert url_password("postgresql://app@db/shop") is None
    assert url_password("redis://:hidden@cache/0") == "hidden"
    assert url_password("postgresql://app:${PASSWORD}@db/shop") is None
    assert url_password("https://shop.com/a:b@c") is None
    assert is_local_url("postgresql://a:b@localhost/x")
    assert not is_local_url("postgresql://a:b@db.shop.com/x")


@pytest.mark.parametrize(
    "text", ["", "  ", "<secret>", "***", "{{ key }}", "None", "-----BEGIN PUBLIC KEY-----"]
)
def test_texts_that_are_no_secret(text: str) -> None:
    assert not is_secret_text(text)


def test_a_guard_is_read_in_its_direction() -> None:
    program = """
import os
from fastapi import FastAPI
ENV = os.getenv("ENV", "prod")
DEBUG = bool(os.getenv("DEBUG", ""))
app = FastAPI()
if {test}:
    app.state.mark = 1
"""
    directions = {
        "ENV == 'local'": True,
        "ENV != 'production'": True,
        "not DEBUG": False,
        "ENV == 'production'": False,
        "not (ENV == 'production')": True,
        "ENV in ('dev', 'test')": True,
        "os.getenv('REGION') == 'eu'": False,
    }
    found = {}
    for test in directions:
        read = project({"main.py": program.format(test=test)})
        marks = [use for use in read.library_uses.attributes if use.name == "mark"]
        found[test] = only_in_development(marks[0].effect.conditions)
    assert found == directions


def test_the_facts_of_the_summary() -> None:
    read = project(
        {
            "main.py": """
import httpx
from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.httpsredirect import HTTPSRedirectMiddleware
from pydantic_settings import BaseSettings

class Settings(BaseSettings):
    SECRET_KEY: str
    MAIL_PASSWORD: str = "orchid-77"
    NAME: str = "shop"

settings = Settings()
app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"], allow_credentials=True)
app.add_middleware(HTTPSRedirectMiddleware)

@app.get("/")
def home(response: Response) -> str:
    response.set_cookie("session", "x", secure=True)
    response.set_cookie("theme", "dark")
    return httpx.get("https://a.example", verify=False).text
"""
        }
    )
    facts = hardening_facts(read)
    assert isinstance(facts, HardeningFacts)
    assert [(c.line, c.origins, c.credentials) for c in facts.cors] == [(15, ("https://shop.example",), True)]
    assert facts.transport.redirects_to_https
    assert facts.transport.unverified_connections == 1
    assert (facts.transport.cookies_set, facts.transport.cookies_without_flags) == (2, ("session",))
    assert facts.secrets.settings == ("SECRET_KEY", "MAIL_PASSWORD")
    assert (facts.secrets.required, facts.secrets.in_source) == (("SECRET_KEY",), 1)
