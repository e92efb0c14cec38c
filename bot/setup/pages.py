"""The set-up page's requests: come in by the link, describe the App, go to GitHub, come back with a code."""

from __future__ import annotations

import secrets
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
import structlog
from fastapi import APIRouter, Depends, Request
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot import credentials
from bot.credentials import Credentials
from bot.html.page import page
from bot.registration import CHECK_NAME
from bot.setup.conversion import CodeRefused, GitHubSilent, convert
from bot.setup.door import Session
from bot.setup.manifest import Described, Keep, described, manifest, problems, registration_address
from bot.setup.office import COOKIE, InOffice, Office, PageRefused, closed, fields_of, session_of

log = structlog.get_logger(__name__)
router = APIRouter(default_response_class=HTMLResponse, tags=["set-up"])
InSession = Annotated[Session, Depends(session_of)]


@router.get("/setup")
async def show_form(request: Request, office: InOffice) -> Response:
    """The form; with the printed link's token, a session first."""
    token = request.query_params.get("token")
    if token is not None:
        return _enter(request, office, token)
    session = session_of(request, office)
    suggested = office.settings.public_url or _origin(request, office)
    name = f"Backend Architect {secrets.token_hex(3)}"
    form = Described(public_url=suggested, organization="", name=name, keep=Keep.STORE)
    return _form(office, session, form, {})


@router.post("/setup")
async def send_form(request: Request, office: InOffice, session: InSession) -> Response:
    """What will be registered, and the form that takes the browser to GitHub."""
    fields = await fields_of(request)
    if not session.proves(fields.get("proof", "")):
        raise closed()
    form = described(fields)
    found = problems(form, office.settings.github_web_url)
    if form.keep == Keep.STORE and not found:
        found = await run_in_threadpool(_storing_problem, office)
    if found:
        return _form(office, session, form, found)
    document = manifest(form, _origin(request, office))
    state = office.door.leave(session, form)
    return page(
        "review.html",
        form_action=office.settings.github_web_url,
        action=registration_address(form, office.settings.github_web_url, state),
        manifest=document,
        document=msgspec.json.encode(document).decode(),
        github=office.github_name,
    )


@router.get("/setup/created")
async def take_credentials(request: Request, office: InOffice, session: InSession) -> Response:
    """Where GitHub sends the browser back: the code becomes the App's credentials."""
    code, state = (request.query_params.get(name, "") for name in ("code", "state"))
    async with office.one_at_a_time:
        return await _changed(office, session, code, state)


async def _changed(office: Office, session: Session, code: str, state: str) -> Response:
    trip = office.door.come_back(session, state)
    if trip is None or office.registered:
        remedy = (
            "That way back from GitHub was used already, or is more than an hour old. Start again at /setup."
        )
        raise PageRefused(403, "This address worked once", remedy)
    try:
        made = await convert(office.settings.github_api_url, code)
    except CodeRefused:
        remedy = (
            "GitHub does not know the code (any more). Delete the App there if it was made, and start again."
        )
        raise PageRefused(502, "GitHub gave no credentials", remedy) from None
    except GitHubSilent as error:
        office.door.wait_again(state, trip)
        log.warning("GitHub did not answer", reason=str(error))
        raise PageRefused(502, "GitHub did not answer", "Reload this page to try again.") from None
    return await _handed_over(office, made, trip.form)


async def _handed_over(office: Office, made: Credentials, form: Described) -> Response:
    fault = ""
    if form.keep == Keep.STORE:
        fault = await run_in_threadpool(_store, office, made)
    shown = {} if form.keep == Keep.STORE and not fault else _environment(made)
    office.registered = True
    log.info("app registered", app=made.app_id, slug=made.slug, stored=not shown)
    return page(
        "registered.html",
        background=BackgroundTask(office.finished.set),
        environment=shown,
        fault=fault,
        place=str(credentials.folder(office.settings.data_folder)),
        install=f"{made.page}/installations/new",
        slug=made.slug,
        check=CHECK_NAME,
    )


def _enter(request: Request, office: Office, token: str) -> Response:
    if office.door.session(request.cookies.get(COOKIE, "")) is not None:
        return RedirectResponse("/setup", status_code=303)
    session = office.door.enter(token)
    if session is None:
        raise closed()
    answer = RedirectResponse("/setup", status_code=303)
    secure = _origin(request, office).startswith("https:")
    # Lax: the cookie must come along when GitHub sends the browser back.
    answer.set_cookie(COOKIE, session.key, httponly=True, samesite="lax", path="/setup", secure=secure)
    return answer


def _form(office: Office, session: Session, form: Described, found: dict[str, str]) -> Response:
    return page(
        "describe.html",
        status=422 if found else 200,
        given=form,
        problems={name: found.get(name, "") for name in Described.__struct_fields__},
        wrong=len(found),
        proof=session.proof,
        github=office.github_name,
    )


def _origin(request: Request, office: Office) -> str:
    """Where the browser sees this service: behind a proxy that hides TLS, PUBLIC_URL knows."""
    known = urlsplit(office.settings.public_url)
    scheme = known.scheme if known.netloc == request.url.netloc else request.url.scheme
    return f"{scheme}://{request.url.netloc}"


def _storing_problem(office: Office) -> dict[str, str]:
    try:
        credentials.prepare(office.settings.data_folder)
    except OSError as error:
        folder = credentials.folder(office.settings.data_folder)
        return {"keep": f"They cannot be kept in {folder}: {error.strerror}. Mend that, or have them shown."}
    return {}


def _store(office: Office, made: Credentials) -> str:
    try:
        credentials.store(office.settings.data_folder, made)
    except OSError as error:
        return f"The credentials could not be kept: {error.strerror}."
    return ""


def _environment(made: Credentials) -> dict[str, str]:
    return {
        "GITHUB_APP_ID": str(made.app_id),
        "GITHUB_WEBHOOK_SECRET": made.webhook_secret,
        "GITHUB_PRIVATE_KEY": made.private_key,
        "GITHUB_API_URL": made.api_url,
    }
