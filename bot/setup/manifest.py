"""What the operator wants registered, and the App manifest that says so. Pure.

Source: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from bot.registration import DESCRIPTION, EVENTS, HOMEPAGE, INSTALLED_PATH, PERMISSIONS, WEBHOOK_PATH

LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}\Z")
LONGEST_NAME = 34
DOTCOM = "https://github.com"


class Keep(StrEnum):
    """What happens to the credentials."""

    STORE = "store"
    SHOW = "show"


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """The form as it was filled in; `organization` empty means the operator's own account."""

    public_url: str
    organization: str
    name: str
    keep: str


def described(fields: Mapping[str, str]) -> Described:
    """The form's fields, trimmed."""
    values = {name: fields.get(name, "").strip() for name in Described.__struct_fields__}
    return msgspec.structs.replace(Described(**values), public_url=values["public_url"].rstrip("/"))


def problems(form: Described, web_url: str) -> dict[str, str]:
    """What is wrong with each field; nothing when all is well."""
    found = {"public_url": _address_problem(form.public_url, web_url)}
    if form.organization and not LOGIN.match(form.organization):
        found["organization"] = "That is no login: letters, digits and single hyphens, at most 39."
    if not form.name or len(form.name) > LONGEST_NAME or not form.name.isprintable():
        found["name"] = f"The App needs a name of at most {LONGEST_NAME} characters."
    if form.keep not in set(Keep):
        found["keep"] = "Choose one of the two."
    return {name: text for name, text in found.items() if text}


def manifest(form: Described, origin: str) -> dict[str, Any]:
    """The manifest. `origin` is the address under which the operator's browser sees this service."""
    return {
        "name": form.name,
        "description": DESCRIPTION,
        "url": HOMEPAGE,
        "public": False,
        "hook_attributes": {"url": f"{form.public_url}{WEBHOOK_PATH}", "active": True},
        "redirect_url": f"{origin}/setup/created",
        "setup_url": f"{origin}{INSTALLED_PATH}",
        "default_permissions": dict(PERMISSIONS),
        "default_events": list(EVENTS),
    }


def registration_address(form: Described, web_url: str, state: str) -> str:
    """Where the manifest is sent. `web_url` comes from the operator's settings, never from the form."""
    owner = f"/organizations/{quote(form.organization, safe='')}" if form.organization else ""
    return f"{web_url}{owner}/settings/apps/new?{urlencode({'state': state})}"


def _address_problem(address: str, web_url: str) -> str:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return "That is no address."
    plain = not (parts.query or parts.fragment or "@" in parts.netloc) and port != 0
    if parts.scheme not in {"http", "https"} or not parts.hostname or not plain or not address.isprintable():
        return "It must be an address such as https://architect.example.com, without a query or password."
    if web_url == DOTCOM and not _public(parts.hostname):
        return "github.com cannot reach that address: give one that is reachable from the internet."
    return ""


def _public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host.strip(".") and not host.endswith((".localhost", ".local", ".internal"))
