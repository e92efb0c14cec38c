"""A page from its template, as a response that may not be framed, cached, sniffed or scripted."""

from __future__ import annotations

import base64
import functools
import hashlib
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.background import BackgroundTask
from starlette.responses import HTMLResponse

TEMPLATES = Environment(
    loader=PackageLoader("bot.html"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@functools.cache
def style() -> Markup:
    """The style sheet, inline in each page."""
    text = resources.files("bot.html").joinpath("templates", "style.css").read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - our own file


def page(
    template: str,
    *,
    status: int = 200,
    form_action: str = "'self'",
    background: BackgroundTask | None = None,
    **values: object,
) -> HTMLResponse:
    """The page; its forms may be sent to `form_action` alone (sources as in a content security policy)."""
    text = TEMPLATES.get_template(template).render({**values, "style": style()})
    headers = {"content-security-policy": _policy(form_action)}
    return HTMLResponse(text, status_code=status, headers=headers, background=background)


@functools.cache
def _policy(form_action: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action {form_action}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
