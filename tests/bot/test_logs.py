from __future__ import annotations

import pytest

from bot.logs import redacted

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
