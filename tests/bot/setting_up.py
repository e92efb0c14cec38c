"""`serve` without an App as a process, and a browser's way through its set-up page."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from bot.demo.github import LocalGitHub

ROOT = Path(__file__).parents[2]


class Serve:
    """`backend-architect serve` as a process, with what it printed."""

    def __init__(self, folder: Path, github: LocalGitHub, **more: str) -> None:
        self.folder = folder
        self.log = folder / "log"
        environment = {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "DATA_FOLDER": str(folder / "data"),
            "GITHUB_API_URL": github.api_url,
            "GITHUB_URL": github.url,
            "PORT": "0",
            "WELCOME_SECONDS": "0.5",
            "STOP_SECONDS": "10",
            **more,
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "bot", "serve"], env=environment, stdout=log, stderr=log
            )

    def printed(self, pattern: str, *, number: int = 1) -> str:
        """The first group of the pattern in what was printed, the `number`th time that it appears."""
        end = time.monotonic() + 90
        while len(found := re.findall(pattern, self.log.read_text())) < number:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, f"{pattern} was not printed: {self.log.read_text()}"
            time.sleep(0.05)
        return str(found[number - 1])

    def link(self, number: int = 1) -> str:
        return self.printed(r"Set up the GitHub App \(this link works once\): (\S+)\n", number=number)


@contextlib.contextmanager
def serving(github: LocalGitHub, **more: str) -> Iterator[Serve]:
    with tempfile.TemporaryDirectory(prefix="architect-") as folder:
        serve = Serve(Path(folder), github, **more)
        try:
            yield serve
        finally:
            serve.process.terminate()
            serve.process.wait(60)


def browser(link: str) -> httpx.Client:
    """A client that holds cookies and does not follow redirects."""
    return httpx.Client(base_url=link.partition("/setup")[0], timeout=30, trust_env=False)


def hidden(text: str, name: str) -> str:
    """A hidden field of a form, unescaped."""
    match = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', text)
    assert match, text
    return match[1].replace("&#34;", '"').replace("&amp;", "&").replace("&#39;", "'")


def described(client: httpx.Client, **changes: str) -> httpx.Response:
    """Fill the form in and send it."""
    shown = client.get("/setup")
    fields = {
        "proof": hidden(shown.text, "proof"),
        "public_url": hidden(shown.text, "public_url"),
        "organization": "",
        "name": "Our Reviewer",
        "keep": "store",
    }
    return client.post("/setup", data=fields | changes)


def registered(github: LocalGitHub, client: httpx.Client, **changes: str) -> str:
    """Go to GitHub, confirm there; gives where GitHub sends the browser back."""
    review = described(client, **changes)
    assert review.status_code == 200, review.text
    action = re.search(r'action="([^"]*)"', review.text)
    assert action
    address, manifest = action[1].replace("&amp;", "&"), hidden(review.text, "manifest")
    assert address.startswith(github.url)
    asked = httpx.post(address, data={"manifest": manifest})
    assert (asked.status_code, "Create GitHub App for me" in asked.text) == (200, True)
    fields = {"manifest": manifest, "confirmed": "1", "name": changes.get("name", "Our Reviewer")}
    made = httpx.post(address, data=fields)
    assert made.status_code == 302, made.text
    return made.headers["location"]
