"""The programs that we are compared with, in a virtual environment of their own."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from benchmarks.measurement import Command

HERE = Path(__file__).parent
LOCK = HERE / "peers.lock"
NAMES = ("ruff", "bandit", "flake8", "semgrep", "fixit")
FIXIT_SHARE = 24
"""Fixit gets every so-maniest file: on all of them it takes many minutes."""


def set_up(folder: Path) -> Path:
    """Return the environment's `bin`, made once for each content of the lock, each file checked by hash."""
    binaries = folder / "bin"
    mark = folder / ".set-up"
    lock = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if mark.is_file() and mark.read_text(encoding="utf-8") == lock:
        return binaries
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    install: list[str | Path] = [
        binaries / "python",
        "-m",
        "pip",
        "install",
        "-qq",
        "--disable-pip-version-check",
        "--no-deps",
    ]
    subprocess.run([*install, "--require-hashes", "-r", LOCK], check=True)
    mark.write_text(lock, encoding="utf-8")
    return binaries


def versions() -> dict[str, str]:
    """Return the pinned version of each program."""
    pinned = (
        line.split()[0].partition("==") for line in LOCK.read_text(encoding="utf-8").splitlines() if line
    )
    return {name: version for name, _, version in pinned if name in NAMES}


def commands(binaries: Path, whole: Path, sample: Path, home: Path) -> dict[str, Command]:
    """Return each program's command, on the project or fixit's share of it; `home` is an empty folder."""
    quiet = {"HOME": str(home), "SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0"}
    path = {"PATH": f"{binaries}:/usr/bin:/bin"}

    def command(folder: Path, *arguments: str | Path) -> Command:
        name, *rest = arguments
        return Command(arguments=[binaries / name, *rest], folder=folder, environment={**quiet, **path})

    isolated = ("check", "--isolated", "--select", "FAST,S", "--ignore-noqa", "--quiet")
    semgrep = ("scan", "--config", HERE / "semgrep_rules.yml", "--metrics=off", "--disable-version-check")
    return {
        "ruff, no cache": command(whole, "ruff", *isolated, "--no-cache", "."),
        "ruff, warm": command(whole, "ruff", *isolated, "--cache-dir", home / "ruff", "."),
        "bandit": command(whole, "bandit", "-r", "-q", "-f", "json", "."),
        "flake8": command(whole, "flake8", "--isolated", "-j1", "."),
        "semgrep": command(whole, "semgrep", *semgrep, "-j1", "--quiet", "--json", "."),
        "fixit": command(sample, "fixit", "--quiet", "lint", "."),
    }
