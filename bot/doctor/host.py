"""This machine: git, the data folder, and who may read the App's secrets."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import tempfile
from pathlib import Path

from bot import credentials
from bot.doctor.diagnosis import Diagnosis, fault, ok, warning
from bot.settings import Settings

SAFE_GIT = (2, 39, 4)
"""Older ones have known holes in what a hostile repository can do (CVE-2024-32002 and its kin)."""


def examine_git(version: str | None) -> Diagnosis:
    """Judge what `git version` says; None where there is no git."""
    if version is None:
        return fault("git", "There is no git.", "Install git on the PATH of the workers.")
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", version)
    numbers = tuple(int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    if numbers < SAFE_GIT:
        wanted = ".".join(map(str, SAFE_GIT))
        return warning("git", f"{version} has known security holes.", f"Install git {wanted} or newer.")
    return ok("git", f"{version}.")


def git_version() -> str | None:
    """What git says of itself."""
    try:
        answer = subprocess.run(["git", "version"], capture_output=True, text=True, check=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()


def examine_data_folder(folder: Path) -> Diagnosis:
    """Try to write there."""
    existing = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        remedy = f"Give the service's user (now {os.getuid()}) write access, or set DATA_FOLDER."
        return fault("data-folder", f"{existing} cannot be written: {error.strerror}.", remedy)
    if existing.stat().st_mode & stat.S_IWOTH and existing == folder.absolute():
        return fault("data-folder", f"Everybody may write in {existing}.", f"Run: chmod o-w {existing}")
    said = "is writable" if existing == folder.absolute() else f"can be made in {existing}"
    return ok("data-folder", f"{folder} {said}.")


def examine_secrets(settings: Settings) -> Diagnosis:
    """Judge who may read the private key and the stored credentials."""
    paths = [path for path in (settings.github_private_key_path,) if path is not None]
    stored = credentials.folder(settings.data_folder)
    if stored.is_dir():
        paths += [stored, *stored.iterdir()]
    open_ones = [path for path in dict.fromkeys(paths) if _open_to_others(path)]
    if open_ones:
        names = " ".join(map(str, open_ones))
        remedy = f"Run: chmod go-rwx {names}"
        return fault("secret-files", f"Others than this user may read {names}.", remedy)
    if not paths:
        return ok("secret-files", "The credentials come from the environment alone.")
    return ok("secret-files", "The private key is readable by this user (and its group) alone.")


def _open_to_others(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & stat.S_IRWXO)
    except OSError:
        return False
