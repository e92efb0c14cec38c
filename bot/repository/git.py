"""The git process: its own configuration switched off, credentials by environment, limits on everything."""

from __future__ import annotations

import base64
import functools
import os
import re
import resource
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.parent_death import die_with_parent

FETCH_SECONDS = 60.0
LARGEST_PACK = 512 * 1024 * 1024
_FLAGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.symlinks=false",
    "core.attributesFile=/dev/null",
    "core.quotePath=false",
    "submodule.recurse=false",
    "fetch.fsckObjects=true",
    "fetch.recurseSubmodules=false",
    "fetch.negotiationAlgorithm=consecutive",
    "credential.helper=",
    "http.followRedirects=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "protocol.allow=never",
)
_SECRET = re.compile(r"(gh[a-z]_|github_pat_)[A-Za-z0-9_.-]+|(?i:(basic|bearer) )[A-Za-z0-9+/=._-]+")


class GitFailed(Exception):
    """git ended with an error or ran out of time; the text is its own, without credentials.

    `local`: only what is in the mirror was asked for, so the mirror is at fault.
    """

    def __init__(self, text: str, *, local: bool = False) -> None:
        super().__init__(text)
        self.local = local

    @property
    def limited(self) -> bool:
        """Whether the server said that it was asked too much; git does not tell for how long to wait."""
        return not self.local and "error: 429" in str(self)


@dataclass(frozen=True, slots=True)
class Remote:
    """Where to fetch from. The token never appears in arguments, URLs, files or representations."""

    url: str
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Git:
    """git in one bare repository."""

    directory: Path
    remote: Remote

    def run(self, *arguments: str, given: bytes = b"", seconds: float = FETCH_SECONDS) -> bytes:
        """Run git and return what it prints. Raises `GitFailed`."""
        command = ["git", f"--git-dir={self.directory}", *_options(self.remote), *arguments]
        try:
            done = subprocess.run(
                command,
                input=given,
                capture_output=True,
                env=_environment(self.remote, self.directory),
                timeout=seconds,
                check=False,
                preexec_fn=functools.partial(_confine, os.getpid()),
            )
        except subprocess.TimeoutExpired:
            raise GitFailed(f"git {arguments[0]} took longer than {seconds:.0f} s") from None
        if done.returncode != 0:
            raise GitFailed(f"git {arguments[0]}: {_redacted(done.stderr)}", local="fetch" not in arguments)
        return done.stdout


def initialise(directory: Path, remote: Remote) -> None:
    """Make an empty bare repository that takes objects lazily from `origin`."""
    directory.mkdir(parents=True, exist_ok=True)
    git = Git(directory, remote)
    git.run("init", "--bare", "--quiet", "--template=", "--initial-branch=none", str(directory))
    for key, value in (
        ("core.repositoryformatversion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.partialclonefilter", "blob:none"),
    ):
        git.run("config", key, value)


def _options(remote: Remote) -> Sequence[str]:
    protocol = remote.url.partition(":")[0] if "://" in remote.url else "file"
    flags = (*_FLAGS, f"protocol.{protocol}.allow=always", f"remote.origin.url={remote.url}")
    return [part for flag in flags for part in ("-c", flag)]


def _environment(remote: Remote, directory: Path) -> Mapping[str, str]:
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(directory),
        "XDG_CONFIG_HOME": str(directory),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
    }
    passed = (
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "NO_PROXY",
        "https_proxy",
        "http_proxy",
        "no_proxy",
        "SSL_CERT_FILE",
    )
    environment |= {name: os.environ[name] for name in passed if name in os.environ}
    if remote.token is not None:
        pair = base64.b64encode(f"x-access-token:{remote.token}".encode()).decode()
        environment |= {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{remote.url}.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {pair}",
        }
    return environment


def _confine(parent: int) -> None:
    # A killed worker must not leave a git behind that still writes to the mirror.
    die_with_parent(parent, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_PACK, LARGEST_PACK))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _redacted(text: bytes) -> str:
    return _SECRET.sub("[redacted]", text.decode(errors="replace").strip())[-500:]
