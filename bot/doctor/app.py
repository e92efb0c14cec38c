"""The App at GitHub: its identity, our clock, its permissions, events, webhook and deliveries. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.doctor.diagnosis import Diagnosis, fault, ok, unknown, warning
from bot.doctor.github_session import Answer
from bot.registration import EVENTS, PERMISSIONS, WEBHOOK_PATH

MOST_AHEAD = 60.0
"""Seconds. GitHub refuses a JWT that is issued in the future; ours is dated 60 s back."""
UNEASY = 20.0
LEVELS = {"": 0, "read": 1, "write": 2, "admin": 3}


def examine_identity(answer: Answer, api_url: str) -> Diagnosis:
    """Judge what `GET /app` said."""
    if answer.good:
        return ok("app", f"The App is {answer.body['slug']}, at {answer.body['html_url']}.")
    if answer.status == 0:
        remedy = "Check GITHUB_API_URL, the name service, the proxy and the certificates of this machine."
        return fault("app", f"{api_url} does not answer: {answer.body}.", remedy)
    if answer.status in (401, 404):
        said = f"GitHub does not take the App's id and key: {_message(answer)}."
        remedy = "Check that GITHUB_APP_ID and the private key belong together, and the clock (below)."
        return fault("app", said, remedy)
    return unknown("app", f"GitHub answered {answer.status}: {_message(answer)}.", "Try again later.")


def examine_clock(answer: Answer) -> Diagnosis:
    """Judge our clock by the Date of GitHub's answer."""
    if answer.ahead is None:
        return unknown("clock", "GitHub's clock could not be seen.")
    said = f"This machine's clock is {abs(answer.ahead):.0f} s {'ahead' if answer.ahead > 0 else 'behind'}."
    remedy = "Keep the clock by NTP (timedatectl set-ntp true)."
    if abs(answer.ahead) >= MOST_AHEAD:
        return fault("clock", f"{said} GitHub then refuses the App's tokens.", remedy)
    return warning("clock", said, remedy) if abs(answer.ahead) >= UNEASY else ok("clock", said)


def examine_permissions(granted: Mapping[str, str], page: str) -> Diagnosis:
    """Judge the App's permissions."""
    lacking = lacking_permissions(granted)
    if lacking:
        remedy = f"Grant them on {page}/permissions; each installation must then accept them."
        return fault("permissions", f"The App lacks {', '.join(lacking)}.", remedy)
    return ok("permissions", "The App has every permission that it needs.")


def lacking_permissions(granted: Mapping[str, str]) -> list[str]:
    """What is missing, as `name: level`."""
    return [
        f"{name}: {level}"
        for name, level in PERMISSIONS.items()
        if LEVELS.get(granted.get(name, ""), 0) < LEVELS[level]
    ]


def examine_events(subscribed: Sequence[str], page: str) -> Diagnosis:
    """Judge what the App is told of."""
    lacking = [event for event in EVENTS if event not in subscribed]
    if lacking:
        remedy = f"Subscribe to them on {page}/permissions."
        return fault("events", f"The App is not told of {', '.join(lacking)}.", remedy)
    return ok("events", "The App is told of everything that it acts on.")


def examine_webhook(answer: Answer, page: str, public_url: str) -> Diagnosis:
    """Judge the webhook's configuration at GitHub."""
    if not answer.good:
        return unknown("webhook", f"GitHub does not show the webhook: {_message(answer)}.")
    url = str(answer.body.get("url") or "")
    if not url:
        return fault(
            "webhook", "The App has no webhook.", f"Give it one on {page}: https://HOST{WEBHOOK_PATH}"
        )
    parts = urlsplit(url)
    if not parts.path.endswith(WEBHOOK_PATH) or (public_url and url != f"{public_url}{WEBHOOK_PATH}"):
        wanted = f"{public_url or 'https://HOST'}{WEBHOOK_PATH}"
        return fault("webhook", f"Deliveries go to {url}.", f"Change that to {wanted} on {page}.")
    if answer.body.get("content_type") != "json":
        return fault("webhook", "Deliveries come as forms.", f"Choose application/json on {page}.")
    if parts.scheme != "https" or str(answer.body.get("insecure_ssl")) == "1":
        return warning("webhook", f"Deliveries to {url} can be read on their way.", f"Use TLS: see {page}.")
    return ok("webhook", f"Deliveries go to {url}.")


def examine_deliveries(answer: Answer) -> Diagnosis:
    """Judge how the last deliveries were answered, newest first."""
    if not answer.good:
        return unknown("deliveries", f"GitHub does not show the deliveries: {_message(answer)}.")
    recent = [each for each in answer.body if isinstance(each, dict)]
    if not recent:
        remedy = "Open a pull request, or use Redeliver on the App's page under Advanced."
        return unknown("deliveries", "Nothing was delivered in the last three days.", remedy)
    failed = [each for each in recent if not 200 <= int(each.get("status_code") or 0) < 300]
    if recent[0] in failed:
        return fault("deliveries", _failure(recent[0], len(failed), len(recent)), _mend(recent[0]))
    if failed:
        said = f"The last delivery arrived, {len(failed)} of {len(recent)} before it did not."
        return warning("deliveries", said, "They are asked for again by the sweeper; nothing is to be done.")
    return ok("deliveries", f"The last {len(recent)} deliveries arrived.")


def _failure(delivery: Mapping[str, Any], failed: int, of: int) -> str:
    answer = delivery.get("status") or delivery.get("status_code")
    return f"The last delivery failed with {answer!r} ({failed} of the last {of})."


def _mend(delivery: Mapping[str, Any]) -> str:
    code = int(delivery.get("status_code") or 0)
    if code == 401:
        return "The webhook secret differs: set GITHUB_WEBHOOK_SECRET to that of the App's page."
    if code in (502, 503, 504):
        return "The service (or its Redis) is down behind the proxy: start it and look at /readyz."
    if code in (404, 405):
        return f"Something else answers there: lead {WEBHOOK_PATH} to the receiver."
    return "GitHub does not reach the receiver: check its public address, the proxy, TLS and the firewall."


def _message(answer: Answer) -> str:
    body = answer.body
    return str(body.get("message", answer.status) if isinstance(body, dict) else body)[:200]
