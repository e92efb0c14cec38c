"""The pages as routes: a pull request, a check run, a file at a commit."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.demo.github import git
from bot.demo.github.page.view import shown_run, view
from bot.demo.github.refusal import Refusal
from bot.demo.github.state import State

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
SAFE = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action *"}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Plain pages without scripts."""

    state: State
    url: str

    def routes(self) -> list[Route]:
        return [
            Route("/", self.index),
            Route("/{owner}/{repo}/pull/{number:int}", self.pull),
            Route("/{owner}/{repo}/pull/{number:int}/{tab}", self.pull),
            Route("/{owner}/{repo}/runs/{run:int}", self.run),
            Route("/{owner}/{repo}/blob/{sha}/{path:path}", self.blob),
        ]

    def index(self, _request: Request) -> Response:
        with self.state.lock:
            pulls = sorted(self.state.pulls.values(), key=lambda pull: -pull.id)
            return rendered("index.html", pulls=pulls)

    def pull(self, request: Request) -> Response:
        given = request.path_params
        with self.state.lock:
            try:
                repository = self.state.repository(given["owner"], given["repo"])
                shown = view(self.state, self.state.pull(repository, given["number"]))
            except Refusal:
                return missing()
            return rendered("pull.html", view=shown, repository=repository)

    def run(self, request: Request) -> Response:
        with self.state.lock:
            found = self.state.runs.get(request.path_params["run"])
            if found is None:
                return missing()
            return rendered("run.html", shown=shown_run(found), repository=found.suite.repository)

    def blob(self, request: Request) -> Response:
        given = request.path_params
        with self.state.lock:
            try:
                repository = self.state.repository(given["owner"], given["repo"])
                content = git.blob(repository.folder, given["sha"], given["path"])
            except (Refusal, git.GitError):
                return missing()
        lines = content.decode(errors="replace").removesuffix("\n").split("\n")
        return rendered("blob.html", repository=repository, path=given["path"], sha=given["sha"], lines=lines)


def rendered(template: str, *, status: int = 200, **values: object) -> Response:
    return HTMLResponse(TEMPLATES.get_template(template).render(values), status_code=status, headers=SAFE)


def missing() -> Response:
    return rendered("missing.html", status=404)
