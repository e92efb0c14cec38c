"""The summary says what the sample applications do with tokens and passwords."""

from __future__ import annotations

from rules.project.sign_in.summary import sign_in_summary
from tests.rules.isolation_projects import sample


def test_tokens_with_their_lifetimes_and_claims() -> None:
    summary = sign_in_summary(sample("tokens_inline"))
    issued, reset = summary.tokens
    assert issued.claims == ("exp", "iat", "jti", "sub", "type")
    assert [found.seconds for found in issued.lifetimes] == [900.0, 2_400_000.0]
    assert issued.is_refresh
    assert reset.claims == ("aud", "exp", "iat", "sub")
    assert {token.algorithms for token in summary.tokens} == {("HS256",)}
    assert {token.library for token in summary.tokens} == {"PyJWT"}


def test_readings_and_hashing() -> None:
    summary = sign_in_summary(sample("tokens_layers"))
    assert [reading.verified for reading in summary.readings] == [True, True]
    assert {reading.algorithms for reading in summary.readings} == {("HS256",)}
    assert [hashing.hasher for hashing in summary.hashing] == ["hashlib.scrypt"]
    assert sign_in_summary(sample("routes_mounts")).tokens == ()
