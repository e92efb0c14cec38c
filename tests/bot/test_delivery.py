from __future__ import annotations

import contextlib
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery import Door, Forged, Malformed, receive, signed
from bot.errors import Refused

SECRET, PREVIOUS = b"It's a Secret to Everybody", b"older"
DOOR = Door(secrets=(SECRET, PREVIOUS), host="api.github.com", app="9", acted_on=frozenset({"pull_request"}))
BODY = b'{"action":"opened","pull_request":{"number":7}}'


def sign(body: bytes, secret: bytes = SECRET) -> str:
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


def headers(body: bytes = BODY, **changes: str) -> dict[str, str]:
    made = {
        "content-type": "application/json",
        "x-github-event": "pull_request",
        "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "x-hub-signature-256": sign(body),
    }
    return made | {name.replace("_", "-"): value for name, value in changes.items()}


def test_githubs_published_example_verifies() -> None:
    # https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
    published = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert signed(published, b"Hello, World!", (SECRET,))
    assert not signed(published, b"Hello, World?", (SECRET,))


def test_a_genuine_delivery_comes_in() -> None:
    delivery = receive(headers(), BODY, DOOR)
    assert (delivery.event, delivery.guid) == ("pull_request", headers()["x-github-delivery"])
    assert delivery.payload.action == "opened"
    assert delivery.payload.pull_request is not None
    assert delivery.payload.pull_request.number == 7


def test_both_secrets_are_accepted_and_no_empty_one() -> None:
    assert signed(sign(BODY, PREVIOUS), BODY, (SECRET, PREVIOUS))
    assert not signed(sign(BODY, b"third"), BODY, (SECRET, PREVIOUS))
    assert not signed(sign(BODY, b""), BODY, (b"",))
    assert not signed(sign(BODY), BODY, ())


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha1=" + hmac.new(SECRET, BODY, hashlib.sha1).hexdigest(),
        sign(BODY).upper(),
        sign(BODY).removeprefix("sha256="),
        sign(BODY) + "\n",
        sign(BODY)[:-1],
        " " + sign(BODY),
        "sha256=" + "é" * 64,
        sign(BODY + b" "),
    ],
)
def test_any_other_signature_is_forged(signature: str) -> None:
    with pytest.raises(Forged):
        receive(headers(x_hub_signature_256=signature), BODY, DOOR)


@pytest.mark.parametrize(
    "changes",
    [
        {"x_github_delivery": ""},
        {"x_github_delivery": "../../etc"},
        {"x_github_event": ""},
        {"x_github_event": "Pull Request"},
        {"content_type": "application/x-www-form-urlencoded"},
        {"x_github_hook_installation_target_id": "8"},
    ],
)
def test_malformed_headers_are_refused(changes: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        receive(headers(BODY, **changes), BODY, DOOR)


def test_the_target_must_be_our_app_where_both_are_known() -> None:
    named = headers(x_github_hook_installation_target_id="9")
    assert receive(named, BODY, DOOR).app == "9"
    anyone = Door(secrets=(SECRET,), host="api.github.com", app="", acted_on=frozenset())
    other = headers(x_github_hook_installation_target_id="8")
    assert receive(other, BODY, anyone).app == ""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b'"text"',
        b"\xff\xfe{}",
        b'{"action":"opened"',
        b'{"pull_request":' * 100_000,
        b'{"x":' + b"[" * 1_000_000,
        b'{"x":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    ],
)
@pytest.mark.parametrize("event", ["pull_request", "push"])
def test_signed_nonsense_is_malformed(body: bytes, event: str) -> None:
    with pytest.raises(Malformed):
        receive(headers(body, x_github_event=event), body, DOOR)


@pytest.mark.parametrize("body", [b'{"action": 1}', b'{"pull_request":{"number":"seven"}}'])
def test_the_shape_matters_only_where_the_payload_is_read(body: bytes) -> None:
    with pytest.raises(Malformed):
        receive(headers(body), body, DOOR)
    assert receive(headers(body, x_github_event="push"), body, DOOR).payload.action == ""


@given(body=st.binary(max_size=200), event=st.sampled_from(["pull_request", "push"]))
def test_whatever_is_sent_is_a_delivery_or_refused(body: bytes, event: str) -> None:
    event_taken = ""
    with contextlib.suppress(Refused):
        event_taken = receive(headers(body, x_github_event=event), body, DOOR).event
    assert event_taken in ("", event)


@given(body=st.binary(max_size=50), changed=st.binary(max_size=50))
def test_a_signature_holds_for_its_body_alone(body: bytes, changed: bytes) -> None:
    assert signed(sign(body), changed, (SECRET,)) == (body == changed)
