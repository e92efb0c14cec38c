"""The last step of the manifest flow: GitHub's code for the new App's credentials.

Source: https://docs.github.com/rest/apps/apps#create-a-github-app-from-a-manifest
"""

from __future__ import annotations

import re
from urllib.parse import quote

import httpx
import msgspec

from bot.credentials import Credentials

CODE = re.compile(r"[A-Za-z0-9_-]{1,200}\Z")
SECONDS = 20.0


class CodeRefused(Exception):
    """GitHub does not take this code: it is unknown, used, or more than an hour old."""


class GitHubSilent(Exception):
    """GitHub gave no usable answer; the code may still work."""


class _Conversion(msgspec.Struct, frozen=True):
    id: int
    slug: str
    html_url: str
    pem: str
    webhook_secret: str


async def convert(api_url: str, code: str) -> Credentials:
    """The credentials of the App that `code` stands for. Raises `CodeRefused` or `GitHubSilent`."""
    if not CODE.match(code):
        raise CodeRefused(code)
    headers = {"Accept": "application/vnd.github+json", "User-Agent": "backend-architect"}
    address = f"{api_url}/app-manifests/{quote(code)}/conversions"
    try:
        async with httpx.AsyncClient(timeout=SECONDS, headers=headers) as client:
            answer = await client.post(address)
    except httpx.HTTPError as error:
        raise GitHubSilent(type(error).__name__) from None
    if answer.status_code in (404, 422):
        raise CodeRefused(code)
    try:
        made = msgspec.json.decode(answer.content, type=_Conversion)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise GitHubSilent(f"status {answer.status_code}") from None
    return Credentials(
        api_url=api_url,
        app_id=made.id,
        slug=made.slug,
        page=made.html_url,
        webhook_secret=made.webhook_secret,
        private_key=made.pem,
    )
