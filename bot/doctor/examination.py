"""Everything that `doctor` looks at, in the order in which it is worth mending."""

from __future__ import annotations

from collections.abc import Iterator

from bot.doctor import queue_store
from bot.doctor.app import (
    examine_clock,
    examine_deliveries,
    examine_events,
    examine_identity,
    examine_permissions,
    examine_webhook,
)
from bot.doctor.diagnosis import Diagnosis, fault
from bot.doctor.github_session import GitHubSession
from bot.doctor.host import examine_data_folder, examine_git, examine_secrets, git_version
from bot.doctor.installed import examine_installations, examine_required_checks
from bot.settings import Settings

RECENT = 30


def examine(settings: Settings) -> Iterator[Diagnosis]:
    """Look at everything; each finding comes as soon as it is known."""
    yield examine_git(git_version())
    yield examine_data_folder(settings.data_folder)
    yield examine_secrets(settings)
    yield from queue_store.examine(settings)
    with GitHubSession(settings.github_api_url, settings.github_app_id, settings.private_key()) as session:
        try:
            yield from _examine_github(session, settings)
        except ValueError:
            said = "The private key is no RSA key in PEM."
            yield fault("app", said, "Generate a new one on the App's page and give that to the service.")


def _examine_github(session: GitHubSession, settings: Settings) -> Iterator[Diagnosis]:
    own = session.as_app("/app")
    yield examine_identity(own, settings.github_api_url)
    yield examine_clock(own)
    if not own.good:
        return
    page = f"{settings.github_web_url}/settings/apps/{own.body['slug']}"
    if own.body["owner"].get("type") == "Organization":
        page = page.replace("/settings/", f"/organizations/{own.body['owner']['login']}/settings/", 1)
    yield examine_permissions(own.body.get("permissions") or {}, page)
    yield examine_events(own.body.get("events") or (), page)
    yield examine_webhook(session.as_app("/app/hook/config"), page, settings.public_url)
    yield examine_deliveries(session.as_app(f"/app/hook/deliveries?per_page={RECENT}"))
    installed = session.as_app("/app/installations?per_page=100")
    yield from examine_installations(installed, own.body["html_url"])
    if installed.good:
        yield from examine_required_checks(session, installed.body, settings.github_app_id)
