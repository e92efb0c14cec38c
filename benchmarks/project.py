"""The measured project: a published FastAPI and SQLModel application, its copies, a change of three files.

Taken are the Python files of `langflow-base` (MIT): first without its migrations, which is the project
that peers are compared on, and with them for one more figure.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

LOCK = Path(__file__).with_name("project.lock")
MIGRATIONS = "langflow/alembic/versions/"
CHANGED = (
    "langflow/api/v1/flows.py",
    "langflow/services/database/models/flow/model.py",
    "langflow/services/auth/service.py",
)
"""A route module, a table and a service: what a usual pull request touches."""

LINES = 85_000
GROWTH_LINES = 12_000
"""The part that is replicated: sixteen times as much is still reviewed within the limits of time."""

_FIRST = (
    "langflow/api/",
    "langflow/services/database/",
    "langflow/services/auth/",
    "langflow/services/deps.py",
)


def download(folder: Path) -> Path:
    """Return the project's wheel, from the package index that pip is configured for, checked by hash."""
    folder.mkdir(parents=True, exist_ok=True)
    held = sorted(folder.glob("*.whl"))
    if not held:
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-qq",
            "--disable-pip-version-check",
            "--no-deps",
        ]
        subprocess.run([*command, "--require-hashes", "-r", LOCK, "-d", folder], check=True)
        held = sorted(folder.glob("*.whl"))
    return held[0]


def name_and_version() -> str:
    """The pinned requirement."""
    return LOCK.read_text(encoding="utf-8").split()[0]


def python_files(wheel: Path) -> dict[str, bytes]:
    """Return all Python files of the wheel, by path."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in sorted(archive.namelist()) if name.endswith(".py")}


def without_migrations(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files that peers are compared on."""
    return {path: data for path, data in files.items() if not path.startswith(MIGRATIONS)}


def of_lines(files: dict[str, bytes], lines: int = LINES) -> dict[str, bytes]:
    """Return so many lines: the top level, the routes, the tables and authentication, then the rest."""

    def rank(path: str) -> tuple[int, str]:
        first = path.count("/") == 1 or path.startswith(_FIRST)
        return (0 if first else 1, path)

    chosen: dict[str, bytes] = {}
    total = 0
    for path in sorted(files, key=rank):
        total += count_lines({path: files[path]})
        if total > lines:
            break
        chosen[path] = files[path]
    return chosen


def count_lines(files: dict[str, bytes]) -> int:
    """Return how many lines the files have."""
    return sum(len(data.splitlines()) for data in files.values())


def copies(files: dict[str, bytes], times: int) -> dict[str, bytes]:
    """Return the project so many times side by side, no two files alike, so that no cache serves two."""
    if times == 1:
        return files
    return {
        f"copy_{number:02}/{path}": data + f"\n# copy {number}\n".encode()
        for number in range(times)
        for path, data in files.items()
    }


def changed(files: dict[str, bytes], number: int) -> dict[str, bytes]:
    """Return three files with a function more, another one for each `number`."""
    addition = f"\n\ndef added_{number}(value: int) -> int:\n    return value + {number}\n".encode()
    return {path: files[path] + addition for path in CHANGED}


def unpack(files: dict[str, bytes], folder: Path) -> Path:
    """Return the folder with exactly these files, as a git repository of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # Without its own repository it would be an ignored folder of ours, and empty for whatever asks git.
    subprocess.run(["git", "init", "--quiet", "."], cwd=folder, check=True)
    write(files, folder)
    return folder


def write(files: dict[str, bytes], folder: Path) -> None:
    """Write the files below the folder."""
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
