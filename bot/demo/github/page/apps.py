"""The pages on which a person registers an App from a manifest, and installs it."""

from __future__ import annotations

import dataclasses
import json
from typing import Any
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.demo.github import registration
from bot.demo.github.accounts import App
from bot.demo.github.hooks.hub import Hub
from bot.demo.github.page.site import missing, rendered
from bot.demo.github.state import State

OWN_ACCOUNT = "octo-org"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AppPages:
    """`setup_urls` say where GitHub leads after an installation, by App."""

    state: State
    hub: Hub
    setup_urls: dict[int, str] = dataclasses.field(default_factory=dict)

    def routes(self) -> list[Route]:
        methods = ["GET", "POST"]
        return [
            Route("/settings/apps/new", self.register, methods=methods),
            Route("/organizations/{organization}/settings/apps/new", self.register, methods=methods),
            Route("/apps/{slug}/installations/new", self.install, methods=methods),
        ]

    async def register(self, request: Request) -> Response:
        """The manifest comes from the App's own page; the person confirms here, and only then it is made."""
        if request.method == "GET":
            return rendered("manifest.html", error="", manifest="", name="")
        fields = await _fields(request)
        try:
            manifest = json.loads(fields.get("manifest", ""))
            if "confirmed" not in fields:
                registration.check_manifest(self.state, manifest)
                return rendered("manifest.html", error="", manifest=fields["manifest"], name=manifest["name"])
            return self._registered(request, {**manifest, "name": fields.get("name", manifest.get("name"))})
        except (KeyError, TypeError, ValueError, registration.BadManifest) as error:
            return rendered("manifest.html", error=str(error), manifest="", name="", status=422)

    def _registered(self, request: Request, manifest: dict[str, Any]) -> Response:
        with self.state.lock:
            owner = self.state.user(request.path_params.get("organization", OWN_ACCOUNT))
            app = registration.from_manifest(self.state, manifest, owner)
            code = registration.code_for(self.state, app)
        self.setup_urls[app.id] = str(manifest.get("setup_url", ""))
        answer = {"code": code}
        if "state" in request.query_params:
            answer["state"] = request.query_params["state"]
        return RedirectResponse(f"{manifest['redirect_url']}?{urlencode(answer)}", status_code=302)

    async def install(self, request: Request) -> Response:
        """The owner's repositories, to be chosen from; then on to the App's set-up address."""
        with self.state.lock:
            app = next((a for a in self.state.apps.values() if a.slug == request.path_params["slug"]), None)
            if app is None:
                return missing()
            own = [each for each in self.state.repositories.values() if each.owner is app.owner]
            if request.method == "GET":
                return rendered("install.html", app=app, repositories=own)
            chosen = set((await _fields(request)).get("repositories", "").split())
            repositories = [each for each in own if each.full_name in chosen]
            if not repositories:
                return rendered("install.html", app=app, repositories=own, status=422)
            installation = registration.install(self.state, self.hub, app, repositories)
        return self._installed(app, installation.id)

    def _installed(self, app: App, installation: int) -> Response:
        place = self.setup_urls.get(app.id) or "/"
        answer = urlencode({"installation_id": installation, "setup_action": "install"})
        return RedirectResponse(f"{place}?{answer}", status_code=302)


async def _fields(request: Request) -> dict[str, str]:
    fields = parse_qs((await request.body()).decode())
    return {name: " ".join(values) for name, values in fields.items()}
