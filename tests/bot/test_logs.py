from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.logs import Redaction, redacted

SECRETS = [
    "ghs_" + "16C7e42F292c6912E7710c838347Ae178B4a",
    "ghs_12345_eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.c2lnbmF0dXJl",
    "github_pat_11ABCDEFG0123456789_abcdefghijkl",
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.c2lnbmF0dXJl",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_are_taken_out_wherever_they_stand(secret: str) -> None:
    value = {"error": f"failed with {secret} here", "deep": [(secret,), {"x": secret.encode()}]}
    shown = str(redacted(value))
    assert secret not in shown
    assert "failed with [secret] here" in shown


def test_passwords_in_addresses_and_authorization_headers_are_taken_out() -> None:
    assert redacted("redis://user:pass@host/0") == "redis://[secret]@host/0"
    assert redacted("Authorization: Basic eC1hY2Nlc3M=") == "Authorization: [secret]"


def test_everything_else_stays() -> None:
    value = {"count": 3, "ok": True, "none": None, "text": "https://github.com/a/b/pull/7", "rate": 0.5}
    assert redacted(value) == value


def test_given_secrets_are_taken_out_whatever_they_look_like() -> None:
    secret = 'it\'s a "horse"'
    clean = Redaction((secret, "abc"))
    event = clean(
        None, "info", {"event": f"x {secret} y", "deep": [{"z": secret}], "repr": repr(f"{secret}\n")}
    )
    assert event["event"] == "x [secret] y"
    assert "horse" not in str(event)
    assert clean(None, "info", {"event": "abcdef"}) == {"event": "abcdef"}
    assert "horse" not in str(clean(None, "info", {"error": ValueError(secret), "bytes": secret.encode()}))


def test_no_secret_reaches_a_log_by_any_way() -> None:
    program = """
import logging, structlog, sys
from bot import logs
logs.configure("info", secrets=("canary-secret",))
log = structlog.get_logger("x")
log.info("canary-secret", value="https://a:canary-secret@host", nested={"k": ["canary-secret"]})
logging.getLogger("library").error("failed with %s", "canary-secret")
logging.getLogger("library").error("failed with %r", b"canary-secret")
try:
    raise RuntimeError("canary-secret " + "ghs_" + "a" * 36)
except RuntimeError:
    log.exception("broken")
    logging.getLogger("library").exception("broken too")
"""
    answer = subprocess.run(
        [sys.executable, "-P", "-c", program],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [json.loads(line) for line in answer.stderr.splitlines()]
    assert len(lines) == 5
    assert "canary" not in answer.stderr
    assert "ghs_" not in answer.stderr
